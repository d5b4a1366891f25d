"""A program that decodes one picture: bytes in by stdin, "WIDTH HEIGHT\\n" and RGB pixels out.

Decoders are old C code that reads what strangers made. This one runs in a process of its own with
little memory and little time, so that a picture made to eat both, or to crash a decoder, ends it
and not the desk. It imports nothing of ours and is told nothing but the format.
"""

from __future__ import annotations

import resource
import sys
from io import BytesIO

MOST_MEMORY = 1024**3  # bytes of address space; 40 megapixels with alpha take 160 MB
MOST_SECONDS = 8  # of processor time
LONGEST_SIDE = 1600  # pixels of what is answered; no terminal shows more


def limit() -> None:
    """Bound this process, as far as the system knows such bounds."""
    for kind, most in (
        (resource.RLIMIT_CPU, MOST_SECONDS),
        (resource.RLIMIT_AS, MOST_MEMORY),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
    ):
        try:
            resource.setrlimit(kind, (most, most))
        except (ValueError, OSError):  # macOS has no bound of addresses
            continue


def decode(data: bytes, format: str, most_pixels: int) -> bytes:
    """The first picture of a file, made small, on white. Raises whatever Pillow raises."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = most_pixels
    picture = Image.open(BytesIO(data), formats=[format])
    if picture.width * picture.height > most_pixels:
        raise ValueError("more pixels than the header told")
    picture.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    upright = ImageOps.exif_transpose(picture).convert("RGBA")
    ground = Image.new("RGBA", upright.size, "white")
    shown = Image.alpha_composite(ground, upright).convert("RGB")
    return f"{shown.width} {shown.height}\n".encode() + shown.tobytes()


def main() -> None:
    """Answer, or end with a status that is not 0 and say nothing."""
    limit()
    try:
        answer = decode(sys.stdin.buffer.read(), sys.argv[1], int(sys.argv[2]))
    except BaseException:  # the reason would name bytes of a file under embargo
        sys.exit(1)
    sys.stdout.buffer.write(answer)


if __name__ == "__main__":
    main()
