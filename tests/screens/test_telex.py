"""Shortcuts under Telex and VNI: one press of a person is one press for the desk."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from screens.telex import Shortcuts, base_letter


def presses(*bursts: str) -> list[str]:
    """The presses that come of bursts, far apart from each other; `<` is DEL."""
    shortcuts, found = Shortcuts(), []
    for number, burst in enumerate(bursts, 1):
        for char in burst:
            key, character = ("backspace", "\x7f") if char == "<" else (char, char)
            meant = shortcuts.press(key, character, float(number))
            if meant is not None:
                found.append(meant)
    return found


def test_base_letters_of_vietnamese() -> None:
    assert [base_letter(c) for c in "âĂệđĐớữỳa1?"] == [*"aAedDouy", None, None, None]


def test_a_letter_pressed_twice_is_two_presses() -> None:
    assert presses("a", "<â") == ["a", "a"]
    assert presses("d", "<đ") == ["d", "d"]
    assert presses("e", "<ê", "<e", "e") == ["e", "e", "e"]


def test_a_decomposed_letter_counts_the_same() -> None:
    assert base_letter("e\u0302") == "e"


def test_the_third_press_that_undoes_the_mark_is_one_press() -> None:
    assert presses("a", "<â", "<aa") == ["a", "a", "a"]


def test_letters_that_the_input_method_only_retypes_are_no_presses() -> None:
    assert presses("n", "a", "n", "<<ận") == ["n", "a", "n", "a"]


def test_backspace_is_no_press_and_what_is_typed_later_is() -> None:
    assert presses("<", "a") == ["a"]
    assert presses("<<<", "n", "<", "h") == ["n", "h"]


def test_digits_and_signs_are_presses_even_right_after_backspace() -> None:
    assert presses("<3", "<?") == ["3", "?"]


def test_w_typed_alone_comes_as_a_marked_u() -> None:
    assert presses("ư") == ["w"]


def test_other_marked_letters_alone_are_no_shortcut() -> None:
    assert presses("ệ") == []


def test_keys_that_are_no_letters_pass() -> None:
    shortcuts = Shortcuts()
    for key in ("f9", "ctrl+l", "enter", "escape", "up", "tab"):
        assert shortcuts.press(key, None, 1.0) == key


@given(st.lists(st.sampled_from("abnqz19?/")))
def test_plain_keys_are_never_changed(keys: list[str]) -> None:
    assert presses(*keys) == keys


@given(st.text(alphabet="a<âdđnx1", max_size=30))
def test_no_burst_invents_more_presses_than_keys(burst: str) -> None:
    assert len(presses(burst)) <= len(burst)
    assert "backspace" not in presses(burst)
