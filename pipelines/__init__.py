"""What happens to a page after it was fetched: cleaned, exported, stored."""
