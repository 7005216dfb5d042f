"""NumPy's products on one thread: a page's are so small that threads cost three times what they spare."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

from threadpoolctl import ThreadpoolController


class _Products:
    """The libraries that multiply matrices for NumPy, which all threads of a process share."""

    def __init__(self) -> None:
        self._libraries = ThreadpoolController().select(user_api="blas")
        self._lock = Lock()

    @contextmanager
    def on_one_thread(self) -> Iterator[None]:
        """One thread to a product, then as many as before. One caller at a time: else that would be lost."""
        with self._lock:
            if all(library.num_threads == 1 for library in self._libraries.lib_controllers):
                yield
            else:
                with self._libraries.limit(limits=1):
                    yield


@cache
def products() -> _Products:
    """The libraries of this process."""
    return _Products()
