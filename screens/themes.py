"""Colours: dark, light, high contrast, and one that colour-blind readers can tell apart.

Contrast of text on its background is at least 4.5:1 (WCAG 2.2 AA), 7:1 in the high-contrast
theme. Good and bad differ in lightness as well as hue; in `desk-safe` they are blue and orange
(after Okabe and Ito, 2008). NO_COLOR turns all of them grey: states carry glyphs and words.
"""

from __future__ import annotations

from textual.theme import Theme

from desk.locales import N_

DARK = Theme(
    name="desk-dark",
    primary="#5aa9e6",
    secondary="#3d6f99",
    accent="#e3b261",
    warning="#f0b429",
    error="#ff6b6b",
    success="#58c98b",
    foreground="#e6e9ee",
    background="#10151c",
    surface="#171e27",
    panel="#202a36",
    dark=True,
    variables={
        "text-success": "#58c98b",
        "text-warning": "#f0b429",
        "text-error": "#ff7b7b",
        "text-primary": "#7dbdf0",
        "text-accent": "#e3b261",
        "text-muted": "#9aa7b5",
    },
)
LIGHT = Theme(
    name="desk-light",
    primary="#12589c",
    secondary="#3d6f99",
    accent="#8a4b00",
    warning="#8a5a00",
    error="#b3141b",
    success="#116b3c",
    foreground="#1b2027",
    background="#f7f5f0",
    surface="#fffdf8",
    panel="#e8e4da",
    dark=False,
    variables={
        "text-success": "#116b3c",
        "text-warning": "#7a4f00",
        "text-error": "#b3141b",
        "text-primary": "#12589c",
        "text-accent": "#8a4b00",
        "text-muted": "#5a6470",
    },
)
CONTRAST = Theme(
    name="desk-contrast",
    primary="#00e5ff",
    secondary="#ffffff",
    accent="#ffff00",
    warning="#ffd000",
    error="#ff8080",
    success="#00ff88",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#1c1c1c",
    dark=True,
    variables={
        "text-success": "#00ff88",
        "text-warning": "#ffd000",
        "text-error": "#ff9a9a",
        "text-primary": "#00e5ff",
        "text-accent": "#ffff00",
        "text-muted": "#e0e0e0",
        "border": "#ffffff",
        "border-blurred": "#b0b0b0",
    },
)
SAFE = Theme(
    name="desk-safe",
    primary="#56b4e9",
    secondary="#0072b2",
    accent="#f0e442",
    warning="#f0e442",
    error="#e69f00",
    success="#56b4e9",
    foreground="#ececec",
    background="#121417",
    surface="#1a1d21",
    panel="#262a30",
    dark=True,
    variables={
        "text-success": "#7cc7f2",
        "text-warning": "#f0e442",
        "text-error": "#f2ad1f",
        "text-primary": "#9fd6f5",
        "text-accent": "#f0e442",
        "text-muted": "#a9b0b8",
    },
)
THEMES = (DARK, LIGHT, CONTRAST, SAFE)
TITLES = {
    "desk-dark": N_("dark"),
    "desk-light": N_("light"),
    "desk-contrast": N_("high contrast"),
    "desk-safe": N_("colour-blind safe"),
}
