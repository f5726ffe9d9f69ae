"""``xltools desk --lan`` for tests: teams' links lead to this machine, and no other is heard."""

import sys

from xltools.cli import main
from xltools.desk import desk_server

if __name__ == "__main__":
    desk_server._EVERYWHERE = "127.0.0.1"
    desk_server.PORT = 0  # any that is free
    desk_server.own_addresses = lambda: ("127.0.0.1",)
    sys.argv = ["xltools", "desk", *sys.argv[1:], "--lan", "--no-browser"]
    main()
