"""Measurements, each a command (`python -m benchmarks.NAME`); they read data that is not in the project."""
