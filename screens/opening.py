"""Opening the desk: the app on a newsroom that is opened behind the first paint."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from threading import RLock
from typing import TYPE_CHECKING, Any, cast

from desk.errors import DeskError
from screens import actions
from screens.door import Unlock
from screens.telex import Method

if TYPE_CHECKING:
    from screens.source import Source


class Deferred:
    """A `Source` that is opened by the first call: in a thread, after the first paint.

    Opening may fail; the next call tries again. Nothing is known of the newsroom before.
    """

    def __init__(self, opening: Callable[[], Source]) -> None:
        self._opening = opening
        self._opened: Source | None = None
        self._lock = RLock()

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)

        def call(*arguments: object) -> Any:
            return getattr(self._source(), name)(*arguments)

        return call

    def _source(self) -> Source:
        with self._lock:
            if self._opened is None:
                self._opened = self._opening()
            return self._opened


def whole_keymap(keys: Mapping[str, str]) -> dict[str, str]:
    """A keymap by ids of actions, from one that may leave the room out: `approve: f8`.

    Names that no action has stay as they are, for the app to refuse.
    """
    found: dict[str, str] = {}
    for name, key in keys.items():
        ids = [action.id for action in actions.ACTIONS if action.id.partition(".")[2] == name]
        found |= dict.fromkeys(ids or [name], key)
    return found


def open_desk(
    opening: Callable[[], Source],
    *,
    theme: str = "dark",
    keys: Mapping[str, str] | None = None,
    input_method: Method = "telex",
    idle_minutes: int = 10,
    room: str = "calendar",
    banner: str = "",
    started: Callable[[Callable[[], None]], object] | None = None,
    unlock: Unlock | None = None,
) -> None:
    """Run the desk until the person leaves it.

    `banner` stands below the head of every room; `started` is given a function that ends the app,
    and heeds the signals that end a process itself;
    `unlock` takes the passphrase inside the app, and `opening` is not called before it.
    Raises what kept the newsroom from opening, UsageError for a keymap that cannot be.
    """
    from screens.app import DeskApp
    from screens.ending import HUNG_UP
    from screens.terminal_pictures import ask_terminal

    app = DeskApp(
        cast("Source", Deferred(opening)),
        keymap=whole_keymap(keys or {}),
        theme=f"desk-{theme}",
        room=room,
        input_method=input_method,
        idle_lock=idle_minutes * 60,
        banner=banner,
        unlock=unlock,
        drawing=ask_terminal(),
        warm=True,
        heeds_signals=started is None,
    )
    if started is not None:
        started(app.end_from_outside)
    try:
        app.run()
    finally:
        if app.last_words is not None:
            app.last_words.cancel()  # who runs the desk may have something left to do
    if app.failure is not None:
        raise app.failure
    if app.return_code and app.return_code != HUNG_UP:
        raise DeskError("The desk ended with a fault", "its report stands above")
