"""Spiders: from a site's address to its pages, each as a `Page` or as the reason why there is none."""
