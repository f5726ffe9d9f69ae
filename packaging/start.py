"""Where the program begins that brings its own Python."""

import multiprocessing

if __name__ == "__main__":  # worker processes import this file, too
    multiprocessing.freeze_support()  # and go no further
    from xltools.cli.shared.double_click import run

    run()
