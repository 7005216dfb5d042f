"""The steps from the first schema of the database to the present one, in Alembic's form.

A step is a file of `versions`, named by its number; it never changes once it has been released. `upgrade.py`
runs them.
"""
