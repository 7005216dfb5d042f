"""The demonstration: a small fictional press on a loopback web server, and a real crawl of it."""
