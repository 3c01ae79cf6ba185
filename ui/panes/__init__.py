"""The parts of the page: each builds its components, shows a tab in them and listens to them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from gradio.blocks import BlockContext
    from gradio.components.base import Component

    from istok.ui.page import Page
    from istok.ui.tab import Tab

QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
"""For every listener: they are of this page alone, and no program should come to rely on them. Gradio reads a
listener's annotations at run time: what they name must be imported for real."""


class Pane(Protocol):
    """A part of the page. It is made inside its place of the layout, and knows the desk."""

    @property
    def components(self) -> Sequence[Component | BlockContext]:
        """What `show` changes."""

    def show(self, tab: Tab) -> Sequence[Any]:
        """An update for each of `components`, in their order: all that depends on the tab and its language."""

    def listen(self, page: Page) -> None:
        """Attach what happens here to the page, once every pane is there."""
