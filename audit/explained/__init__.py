"""One article explained: every block of its page, its type, the reason, and what another version said."""
