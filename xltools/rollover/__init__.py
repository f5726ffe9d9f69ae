"""What this quarter carries into the next."""

from xltools.rollover.decisions import CARRIED, CLOSED, DROPPED, Decision, decide
from xltools.rollover.next_settings import Deviation, next_settings
from xltools.rollover.rollover import RolloverReport, rollover

__all__ = [
    "CARRIED",
    "CLOSED",
    "DROPPED",
    "Decision",
    "Deviation",
    "RolloverReport",
    "decide",
    "next_settings",
    "rollover",
]
