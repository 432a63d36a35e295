"""Regular expressions that are compiled when they are first asked for: a small paste needs few of them."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, AnyStr, cast


class Later:
    """A pattern to come; has the methods of a compiled one."""

    def __init__(self, make: Callable[[], "re.Pattern[Any]"]) -> None:
        self.make = make

    def __getattr__(self, name: str) -> Any:
        found = self.__dict__[name] = getattr(self.make(), name)
        return found


def later(given: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return a pattern that is compiled at its first use."""
    return cast("re.Pattern[AnyStr]", Later(partial(re.compile, given, flags)))
