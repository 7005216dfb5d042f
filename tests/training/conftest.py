"""Fitting needs PyTorch, of the extra `train`; `.ci/run` installs it and runs these tests too."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("torch") else ["test_network.py"]
