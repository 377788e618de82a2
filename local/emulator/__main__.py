"""`.local/venv-emulator/bin/python -m local.emulator --state … --port … --api-port … --api-ids …`."""

import sys

from local.emulator.options import parse, prepare


def main() -> None:
    options = parse(sys.argv[1:])
    prepare(options)
    # This imports ministack, which reads its environment variables at that time.
    from local.emulator.server import run

    run(options)


main()
