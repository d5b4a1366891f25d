"""Shortcuts under Telex and VNI: one press of a person is one press for the desk."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from screens.telex import Method, Shortcuts, base_letter

HATS = {"a": "â", "e": "ê", "o": "ô"}
HOOKED = {"a": "ă", "o": "ơ", "u": "ư"}
TONES: dict[Method, dict[str, str]] = {
    "telex": dict(zip("sfrxj", "\u0301\u0300\u0309\u0303\u0323", strict=True)),
    "vni": dict(zip("12345", "\u0301\u0300\u0309\u0303\u0323", strict=True)),
}
VOWELS = "aeiouyâêôăơư"


def presses(*bursts: str, method: Method = "telex") -> list[str]:
    """The presses that come of bursts, far apart from each other; `<` is DEL."""
    shortcuts, found = Shortcuts(method), []
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


def test_a_tone_key_after_a_vowel_is_that_key_and_not_the_vowel() -> None:
    assert presses("a", "<á") == ["a", "s"]
    assert presses("o", "<ò", "<ỏ", "<õ", "<ọ") == [*"ofrxj"]
    assert presses("a", "<ă", "d", "<đ") == ["a", "w", "d", "d"]
    assert presses("h", "o", "a", "<<óa", "<<oán") == [*"hoasn"]  # the tone only moves
    assert presses("u", "o", "<<ươ") == [*"uow"]
    assert presses("a", "<á", "<as") == [*"ass"]  # twice: the mark goes, the letter comes


def test_the_keys_of_vni_are_digits() -> None:
    assert presses("a", "<á", "<à", "<ả", "<ã", "<ạ", method="vni") == [*"a12345"]
    assert presses("a", "<â", "d", "<đ", "u", "o", "<<ươ", method="vni") == [*"a6d9uo7"]
    assert presses("a", "<á", "<a1", method="vni") == [*"a11"]


def test_a_burst_that_comes_in_pieces_or_decomposed_counts_once() -> None:
    assert presses("a", "<", "á") == ["a", "s"]
    assert presses("n", "a", "n", "<<", "ấn") == ["n", "a", "n", "a"]
    assert presses("a", "<a\u0301") == ["a", "s"]
    assert presses("a", "<a\u0302\u0301") == ["a", "a"]


def test_what_was_deleted_in_a_field_is_taken_for_a_plain_letter() -> None:
    shortcuts = Shortcuts()
    shortcuts.press("a", "a", 1.0)
    shortcuts.reset()
    assert shortcuts.press("backspace", "\x7f", 2.0) is None
    assert shortcuts.press("á", "á", 2.0) == "s"


class InputMethod:
    """What an input method makes of the keys of one word, and sends: DEL for what changed."""

    def __init__(self, method: Method) -> None:
        self.method, self.word, self.raw = method, "", False

    def press(self, key: str) -> str:
        before, self.word = self.word, self._composed(key)
        same = 0
        while same < min(len(before), len(self.word)) and before[same] == self.word[same]:
            same += 1
        return "<" * (len(before) - same) + self.word[same:]

    def _composed(self, key: str) -> str:
        if not self.raw:
            if (mark := TONES[self.method].get(key)) is not None:
                return self._toned(key, mark)
            shapes = self._shapes(key)
            for at in range(len(self.word) - 1, -1, -1):
                plain, tone = self._parts(self.word[at])
                if plain in shapes:
                    return self._with(at, shapes[plain] + tone)
                if plain in shapes.values():
                    self.raw = True
                    back = next(one for one, made in shapes.items() if made == plain)
                    return self._with(at, back + tone) + key
            if self.method == "telex" and key == "w":
                return self.word + "ư"
        return self.word + key

    def _shapes(self, key: str) -> dict[str, str]:
        if self.method == "telex":
            hat = {key: HATS[key]} if key in HATS else {}
            return {"w": HOOKED, "d": {"d": "đ"}}.get(key, hat)
        horn = {one: HOOKED[one] for one in "ou"}
        return {"6": HATS, "7": horn, "8": {"a": "ă"}, "9": {"d": "đ"}}.get(key, {})

    def _toned(self, key: str, mark: str) -> str:
        for at in range(len(self.word) - 1, -1, -1):
            plain, tone = self._parts(self.word[at])
            if plain in VOWELS:
                if tone == mark:
                    self.raw = True
                    return self._with(at, plain) + key
                return self._with(at, plain + mark)
        return self.word + key

    @staticmethod
    def _parts(letter: str) -> tuple[str, str]:
        marks = unicodedata.normalize("NFD", letter)
        tone = next((one for one in marks if one in TONES["telex"].values()), "")
        return unicodedata.normalize("NFC", marks.replace(tone, "")), tone

    def _with(self, at: int, letter: str) -> str:
        made = self.word[:at] + letter + self.word[at + 1 :]
        return unicodedata.normalize("NFC", made)


@given(st.text(alphabet="aeoudsfrxjwnhgitc", max_size=8))
def test_every_key_of_telex_is_one_press_of_that_key(keys: str) -> None:
    typed = InputMethod("telex")
    assert presses(*(typed.press(key) for key in keys)) == list(keys)


@given(st.text(alphabet="aeoud123456789nhgsr", max_size=8))
def test_every_key_of_vni_is_one_press_of_that_key(keys: str) -> None:
    typed = InputMethod("vni")
    assert presses(*(typed.press(key) for key in keys), method="vni") == list(keys)


@given(st.lists(st.sampled_from("abnqz19?/")))
def test_plain_keys_are_never_changed(keys: list[str]) -> None:
    assert presses(*keys) == keys


@given(st.text(alphabet="a<âdđnx1", max_size=30))
def test_no_burst_invents_more_presses_than_keys(burst: str) -> None:
    assert len(presses(burst)) <= len(burst)
    assert "backspace" not in presses(burst)
