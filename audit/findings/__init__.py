"""Findings from the store: sites, pairs of sites, stories, articles."""
