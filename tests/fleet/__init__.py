"""Several machines on one: network namespaces as hosts, a web of many sites with a log, one PostgreSQL."""
