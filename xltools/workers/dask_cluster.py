"""Files read on a Dask cluster, in batches; a lost worker's batch is retried elsewhere."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from xltools.errors import UsageError
from xltools.workers.file_outcome import Outcome, Refusal, Setup, attempt

# One file a task spends longer in Dask's scheduler than in its parser.
FILES_PER_TASK = 25
TASKS_IN_FLIGHT = 4  # per worker
PATIENCE = 10  # seconds until a scheduler must have answered


def run_on_cluster(
    function: Callable[[str], Any],
    paths: Sequence[str],
    address: str,
    *,
    progress: Callable[[int], None] | None,
    setup: Setup,
) -> Iterator[Outcome]:
    """Outcomes in the order of ``paths``; every worker must see the files under the same paths.

    Raises UsageError where no scheduler answers at ``address``.
    """
    with _client(address) as client:
        for done, outcome in enumerate(_in_order(client, function, paths, setup), 1):
            if progress is not None:
                progress(done)
            yield outcome


def _client(address: str) -> Any:
    from distributed import Client
    from distributed.comm.addressing import get_address_host_port

    try:
        get_address_host_port(address)  # a client of no address keeps us waiting when it is dropped
        return Client(address, set_as_default=False, timeout=PATIENCE)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as fault:
        raise UsageError("usage.scheduler", address=address, reason=fault) from fault


def _in_order(
    client: Any, function: Callable[[str], Any], paths: Sequence[str], setup: Setup
) -> Iterator[Outcome]:
    most = TASKS_IN_FLIGHT * max(1, len(client.nthreads()))
    flying: deque[tuple[Sequence[str], Any]] = deque()
    for at in range(0, len(paths), FILES_PER_TASK):
        if len(flying) == most:
            yield from _outcomes(client, function, *flying.popleft(), setup)
        batch = paths[at : at + FILES_PER_TASK]
        flying.append((batch, _submit(client, function, batch, setup)))
    while flying:
        yield from _outcomes(client, function, *flying.popleft(), setup)


def _submit(client: Any, function: Callable[[str], Any], batch: Sequence[str], setup: Setup) -> Any:
    # Not pure: the same path may hold another workbook the next time.
    return client.submit(read_batch, function, list(batch), setup, pure=False, retries=1)


def read_batch(function: Callable[[str], Any], batch: list[str], setup: Setup) -> list[Outcome]:
    """One task: every file of a batch, on the cluster's worker."""
    if setup is not None:
        setup()
    return [attempt(function, path) for path in batch]


def _outcomes(
    client: Any,
    function: Callable[[str], Any],
    batch: Sequence[str],
    future: Any,
    setup: Setup,
) -> Iterator[Outcome]:
    """A batch's outcomes; file by file where its workers died, to find the file that did it."""
    from distributed import KilledWorker

    try:
        yield from future.result()
        return
    except KilledWorker:
        if len(batch) == 1:
            values: dict[str, object] = {"code": ""}
            yield Outcome(
                batch[0], refusal=Refusal("file-unreadable", "refused.reader_died", values)
            )
            return
    for path in batch:
        alone = _submit(client, function, [path], setup)
        yield from _outcomes(client, function, [path], alone, setup)
