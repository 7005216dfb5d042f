"""Text reuse: which articles say the same, how one was made from another, and where it came from."""
