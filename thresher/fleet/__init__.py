"""Crawls by workers on many machines, which share a queue of sites in PostgreSQL (`docs/fleet.md`)."""
