"""Adapters for the engines that corpora are made with; each is imported only by whoever uses it."""
