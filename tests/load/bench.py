"""`make bench`: every budget that is a ratio or a simulation, on the built artefacts."""

import sys

from tests.load import imports, polling


def main() -> int:
    """1 when an import budget is broken; the polling budgets are held by a unit test as well."""
    polling.main()
    print()
    return imports.main()


if __name__ == "__main__":
    sys.exit(main())
