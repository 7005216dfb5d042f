"""Which sites one hand runs: the signs that they share, and what each says of that (`docs/network.md`)."""

from audit.network.finding import find_network

__all__ = ["find_network"]
