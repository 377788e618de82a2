"""`{emulator's python} -m local.emulator --state … --port … --front … --apis …`, from the project's folder."""

import sys

from local.emulator.options import parse, prepare


def main() -> None:
    options = parse(sys.argv[1:])
    prepare(options)
    # ministack reads its environment when it is imported.
    from local.emulator.server import run

    run(options)


main()
