"""Findings from the store: sites, pairs of sites, stories, articles."""

from audit.findings.finding import find

__all__ = ["find"]
