"""`desk begin`: the first run. A guide that makes a newsroom step by step, or helps to join one.

Each step says what it does and why, shows the command that does the same, and runs exactly that.
What is done already is seen and passed over, so the guide can be left and taken up again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import click

from desk.cli.context import HELP, Run, VerbCommand, person_id, shared_options
from desk.cli.opened import database
from desk.cli.telling import confirmed
from desk.errors import Conflict, DeskError, NotFound, Unavailable, UsageError
from desk.locales import N_, _, language, told
from desk.locales.words import word
from desk.newsroom.find import CALENDAR
from desk.text import nfc, safe_text

BLOCK = 4  # characters of a block of the recovery seed
ASKED = 2  # blocks that are asked for
TRIES = 3
ZONE = "Asia/Ho_Chi_Minh"
USUAL_IDS = {"vi": ("toa-soan", "quan-tri"), "en": ("newsroom", "admin")}
"""Ids that are offered for the newsroom and its administrator, by language of the interface."""
ROLES = ("author", "appraise", "review", "check", "lead", "spokesperson", "admin")


@click.command(
    "begin",
    cls=VerbCommand,
    context_settings=HELP,
    help=N_("Begin: look around, make a newsroom, or join one."),
    epilog="Example: desk begin",
)
@click.make_pass_decorator(Run)
def command(run: Run) -> None:
    """Begin: look around, make a newsroom, or join one."""
    from desk.cli.app import require_terminal

    require_terminal(run)
    say = run.out.say
    say(_("1  look around: a newsroom in a temporary folder, with a release counting down"))
    say(_("2  make a newsroom, or go on making it"))
    say(_("3  join a newsroom that others have made"))
    chosen = _choose(_("Which"), ("1", "2", "3"), "1")
    {"1": _look_around, "2": _make, "3": _join}[chosen](run)


def _look_around(run: Run) -> None:
    _run(run, "demo")


def _make(run: Run) -> None:
    guide = Guide(run, _folder(run))
    for step in (guide.rules, guide.key, guide.root, guide.adopt, guide.people):
        step()
    run.out.say(_("The newsroom is there. Open it with: desk"))


def _join(run: Run) -> None:
    """Make a key in a newsroom whose folder is at hand, and hand its public half on."""
    folder = run.folder  # raises NotFound that says how to name it
    run.newsroom = str(folder)
    guide = Guide(run, folder)
    guide.person = person_id(_ask(_("Your id in the roster, such as editor-tk")))
    guide.key()
    why = _(
        "Give the file of public keys to an administrator, and read the fingerprint to them by "
        "voice. It is compared, so that nobody can put a key of theirs in place of yours."
    )
    run.out.say(_wrapped(why))
    guide.go("key", "show", "--person", guide.person)


def _folder(run: Run) -> Path:
    """The newsroom's folder: the one that is found, else a new one."""
    try:
        return run.folder
    except NotFound:
        pass
    named = run.newsroom or _ask(_("A folder for the newsroom"), "newsroom")
    folder = Path(named).expanduser().resolve()
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise Unavailable("Cannot make the folder", f"{folder}: {error.strerror}") from None
    return folder


@dataclass
class Guide:
    """The steps of making a newsroom, each of which knows whether it was done."""

    run: Run
    root_folder: Path
    person: str = field(default_factory=lambda: USUAL_IDS[language()][1])

    def go(self, *arguments: str) -> None:
        """Show a command and run it."""
        _run(self.run, "--newsroom", str(self.root_folder), *arguments)

    def _step(self, number: int, title: str, why: str) -> None:
        self.run.out.say(f"\n{number}/5  {title}\n{_wrapped(why, 5)}")

    def rules(self) -> None:
        """1: calendar.yaml."""
        calendar = self.root_folder / CALENDAR
        why = _(
            "calendar.yaml says what is written, who approves it and where it goes. Edit it at any "
            "time; it binds once it is adopted."
        )
        self._step(1, _("The rules"), why)
        if calendar.exists():
            self._done(str(calendar))
        else:
            self._write_rules(calendar)
        self.go("newsroom", "check")

    def _write_rules(self, calendar: Path) -> None:
        from desk.newsroom.starter import calendar_text

        newsroom = person_id(_ask(_("A short id for the newsroom"), USUAL_IDS[language()][0]))
        vietnamese = _ask(_("Its name in Vietnamese"))
        english = _ask(_("Its name in English"))
        zone = _ask(_("Its time zone"), ZONE)
        try:
            with calendar.open("x", encoding="utf-8") as file:
                file.write(calendar_text(newsroom, vietnamese, english, zone))
        except FileExistsError:
            raise Conflict("There is a file already", str(calendar)) from None
        except OSError as error:
            raise Unavailable("Cannot write the file", f"{calendar}: {error.strerror}") from None

    def key(self) -> None:
        """2: the key of the person at this desk."""
        self._step(2, _("Your key"), _("Everything you do is signed with it. It stays on this "
                                       "machine, in a file under a passphrase."))  # fmt: skip
        from desk.cli.calendar_head import newsroom_id
        from desk.trust.keystore import key_files

        calendar = self.root_folder / CALENDAR
        known = key_files(self.run.settings).list(newsroom_id(calendar))
        if self.person in known:
            self._done(self.person)
            return
        usual = USUAL_IDS[language()][1]
        if self.person == usual:
            offered = known[0] if known else usual
            self.person = person_id(_ask(_("Your id as the administrator"), offered))
        if self.person in known:
            self._done(self.person)
        else:
            self._make_key()

    def _make_key(self) -> None:
        """Make the key; a passphrase that was mistyped ends the step, not the whole guide."""
        for left in reversed(range(TRIES)):
            try:
                return self.go("key", "new", "--person", self.person, "--file")
            except UsageError as error:
                if not left or self.run.passphrase_fd is not None:
                    raise
                self.run.out.warn(told(error.sentence))

    def root(self) -> None:
        """3: root and recovery key."""
        self._step(3, _("The root and the recovery key"),
                   _("The root is who may change the roster. The recovery key opens what is sealed "
                     "when everybody's keys are lost: keep it away from here, on paper or a stick."
                     ))  # fmt: skip
        place = self._database()
        if place.exists():
            self._done(str(place))
            return
        recovery = Path(_ask(_("A file for the recovery key, best on a stick"),
                             str(self.root_folder / "recovery.seed"))).expanduser()  # fmt: skip
        self.go("newsroom", "init", "--admin", self.person, "--recovery-out", str(recovery))
        self._keep(recovery)

    def _database(self) -> Path:
        self.run.newsroom = str(self.root_folder)
        place = database(self.run)
        if not isinstance(place, Path):
            raise UsageError("Found the newsroom on SQLite first", "settings name another database")
        return place

    def _keep(self, recovery: Path) -> None:
        """Have the recovery key written down, and check it by two of its blocks."""
        if not confirmed(_("Write it down on paper now? It is shown once"), usual=True):
            self.run.out.say(_("Carry the file away from here: {file}").format(file=recovery))
            return
        blocks = blocks_of(recovery.read_text("ascii").strip())
        for first in range(0, len(blocks), 4):
            row = "   ".join(f"{first + n + 1:2} {block}" for n, block in
                             enumerate(blocks[first : first + 4]))  # fmt: skip
            self.run.out.say("     " + row)
        click.pause(_("Press a key when it is written down"), err=True)
        click.clear()
        if written_down(blocks, lambda number: _ask(_("Block {n}").format(n=number))):
            self.run.out.say(_("It is written down. Now remove the file, or carry it away: {file}")
                             .format(file=recovery))  # fmt: skip
        else:
            self.run.out.warn(_("That was not what was shown. The file is the only copy: {file}")
                              .format(file=recovery))  # fmt: skip

    def adopt(self) -> None:
        """4: the rules take effect."""
        why = _("You sign what calendar.yaml says: nobody can loosen it by editing a file.")
        self._step(4, _("The rules take effect"), why)
        self.go("newsroom", "adopt", "--key", self.person)

    def people(self) -> None:
        """5: the first people."""
        why = _(
            "Each makes a key (desk begin, 3) and gives you the file. Let them read its "
            "fingerprint to you by voice."
        )
        self._step(5, _("The first people"), why)
        while confirmed(_("Add a post now?")):
            try:
                self._add()
            except DeskError as error:
                self.run.out.warn(told(error.sentence))

    def _add(self) -> None:
        person = person_id(_ask(_("Their id, such as editor-tk")))
        name = _ask(_("The post, as others read it"))
        role = _ask(_("Role: {roles}; with :agency where it is for one").format(
            roles=", ".join(_meant(one) for one in ROLES)))  # fmt: skip
        keys = _ask(_("The file that desk key show --json wrote"))
        self.go("roster", "add", person, "--key", self.person, "--name", name,
                "--role", role, "--from-file", keys)  # fmt: skip

    def _done(self, what: str) -> None:
        self.run.out.say("     ✔ " + _("is there: {what}").format(what=what))


def _meant(role: str) -> str:
    """A role as one types it, with what it is called in the reader's language."""
    called = word("role", role)
    return role if called == role else f"{role} ({called})"


def blocks_of(seed: str) -> list[str]:
    """A recovery seed (64 hexadecimal digits) in blocks that people can write and read aloud."""
    return [seed[at : at + BLOCK] for at in range(0, len(seed), BLOCK)]


def written_down(blocks: Sequence[str], ask: Callable[[int], str]) -> bool:
    """Whether the person can give some of the blocks, chosen by chance, by their numbers from 1."""
    chosen = secrets.SystemRandom().sample(range(1, len(blocks) + 1), ASKED)
    return all(
        any(ask(number).strip().lower() == blocks[number - 1] for _try in range(TRIES))
        for number in chosen
    )


def _wrapped(text: str, indent: int = 0) -> str:
    """A paragraph in lines as wide as the terminal, cut between words."""
    import shutil
    import textwrap

    width = max(40, min(100, shutil.get_terminal_size().columns - 1))
    blanks = " " * indent
    return textwrap.fill(text, width, initial_indent=blanks, subsequent_indent=blanks,
                         break_long_words=False, break_on_hyphens=False)  # fmt: skip


def _ask(question: str, usual: str | None = None) -> str:
    """An answer that says something; Enter alone gives the usual one, where there is one."""
    while True:
        typed = click.prompt(
            question, default=usual or "", show_default=usual is not None, err=True
        )
        if answer := nfc(str(typed)).strip():
            return answer
        click.echo(_("An answer is needed here; Ctrl+C ends; desk begin continues later."),
                   err=True)  # fmt: skip


def _choose(question: str, answers: Sequence[str], usual: str) -> str:
    while (answer := _ask(f"{question} ({', '.join(answers)})", usual)) not in answers:
        text = _("{answer} is none of them: {names}")
        click.echo(text.format(answer=safe_text(answer), names=", ".join(answers)), err=True)
    return answer


def _run(run: Run, *arguments: str) -> None:
    """Run a command of this program in this process, after showing it."""
    import shlex

    from desk.cli import root

    command_line = shlex.join(("desk", *arguments))
    run.out.say(f"     $ {command_line}")
    again = Run(run.out)
    again.lang = run.lang
    with root.make_context("desk", list(arguments), obj=again) as context:
        root.invoke(context)


command.params += shared_options()
