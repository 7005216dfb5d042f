"""What a corpus tells of its sites: findings, the network of their operators, the report that shows both."""
