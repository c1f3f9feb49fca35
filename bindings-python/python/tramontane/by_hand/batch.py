"""Batches: waiting for a job, and its results row by row."""

from __future__ import annotations

from time import monotonic

from .._record import answer
from .._resources import BATCH_FINAL
from ..resources import batch as generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, AsyncIterator, Callable, Iterator

    from .._generated import BatchJob

__all__ = ["AsyncBatch", "Batch", "BatchRow"]

_FIRST, _LONGEST = 2.0, 60.0


class BatchRow:
    """The result of one request: ``data``, whose ``cost`` is at the price of a batch, or the ``error`` that it came to."""

    __slots__ = ("custom_id", "data", "error", "id", "line", "status")

    def __init__(self, kind: str, row: tuple[Any, ...]) -> None:
        self.line: int
        self.id: str | None
        self.custom_id: str | None
        self.status: int | None
        self.line, self.id, self.custom_id, self.status, data, self.error, cost = row
        self.data: Any = None if data is None else answer(kind, data, {"cost": cost})

    @property
    def ok(self) -> bool:
        """Whether the request was answered."""
        return self.error is None

    def unwrap(self) -> Any:
        """The answer; raises the error of a request that failed."""
        if self.error is not None:
            raise self.error
        return self.data

    def __repr__(self) -> str:
        what = f"data={self.data!r}" if self.error is None else f"error={self.error!r}"
        return f"BatchRow(custom_id={self.custom_id!r}, {what})"


class _Wait:
    """How long to wait before the next look, and until when."""

    def __init__(self, interval: float, timeout: float | None) -> None:
        self._pause = interval
        self._timeout = timeout
        self._end = None if timeout is None else monotonic() + timeout

    def next(self, job: BatchJob) -> float:
        pause, self._pause = self._pause, min(self._pause * 1.5, max(_LONGEST, self._pause))
        if self._end is None:
            return pause
        left = self._end - monotonic()
        if left <= 0:
            from ..errors import APITimeoutError

            done = f"{job.completed_requests} of {job.total_requests} requests are done"
            raise APITimeoutError(
                f"the job `{job.id}` did not end within {self._timeout} s: {done}; the job goes on: wait again, or cancel it"
            )
        return min(pause, left)


def _reader(client: Any, job: BatchJob) -> Any:
    return client._core().rows(job.endpoint, job.model)


def _rows(reader: Any, rows: list[Any]) -> list[BatchRow]:
    return [BatchRow(reader.answer, row) for row in rows]


def _inline(job: BatchJob) -> bytes:
    import json

    return b"".join(json.dumps(row, ensure_ascii=False).encode() + b"\n" for row in job.outputs or ())


def _files(job: BatchJob) -> list[str]:
    return [] if job.outputs else [file for file in (job.output_file, job.error_file) if file]


class Batch(generated.Batch):
    """Batches: many requests at half the price, answered within a day."""

    __slots__ = ()

    def wait(
        self,
        job: str | BatchJob,
        *,
        progress: Callable[[BatchJob], object] | None = None,
        timeout: float | None = None,
        interval: float = _FIRST,
    ) -> BatchJob:
        """Waits until nothing more will happen to a job, and gives it as it is then.

        ``progress`` is called with the job each time it is looked at: after ``interval`` seconds, then less and less often,
        at least once a minute. Done is not the same as every request answered: see ``results``.

        Raises:
            APITimeoutError: when ``timeout`` seconds have passed; the job goes on.
            APIError: when the provider refuses or cannot be reached.
        """
        from time import sleep

        job_id = job if isinstance(job, str) else job.id
        wait = _Wait(interval, timeout)
        while True:
            now = self.get(job_id=job_id)
            if progress is not None:
                progress(now)
            if now.status in BATCH_FINAL:
                return now
            sleep(wait.next(now))

    def results(self, job: str | BatchJob) -> Iterator[BatchRow]:
        """The results of a job, in the order in which the provider wrote them; tell them apart by ``custom_id``.

        The files of answers and of errors are read as they arrive. A request that failed is a row with an ``error``, and so
        is a line that is broken.
        """
        if isinstance(job, str):
            job = self.get(job_id=job)
        reader = _reader(self._client, job)
        yield from _rows(reader, reader.push(_inline(job)))
        for file in _files(job):
            with self._client.files.download(file_id=file) as download:
                for chunk in download:
                    yield from _rows(reader, reader.push(chunk))
            yield from _rows(reader, reader.end())


class AsyncBatch(generated.AsyncBatch):
    """Batches: many requests at half the price, answered within a day."""

    __slots__ = ()

    async def wait(
        self,
        job: str | BatchJob,
        *,
        progress: Callable[[BatchJob], object] | None = None,
        timeout: float | None = None,
        interval: float = _FIRST,
    ) -> BatchJob:
        """Waits until nothing more will happen to a job, and gives it as it is then.

        ``progress`` is called with the job each time it is looked at: after ``interval`` seconds, then less and less often,
        at least once a minute. Done is not the same as every request answered: see ``results``.

        Raises:
            APITimeoutError: when ``timeout`` seconds have passed; the job goes on.
            APIError: when the provider refuses or cannot be reached.
        """
        from asyncio import sleep

        job_id = job if isinstance(job, str) else job.id
        wait = _Wait(interval, timeout)
        while True:
            now = await self.get(job_id=job_id)
            if progress is not None:
                progress(now)
            if now.status in BATCH_FINAL:
                return now
            await sleep(wait.next(now))

    async def results(self, job: str | BatchJob) -> AsyncIterator[BatchRow]:
        """The results of a job, in the order in which the provider wrote them; tell them apart by ``custom_id``.

        The files of answers and of errors are read as they arrive. A request that failed is a row with an ``error``, and so
        is a line that is broken.
        """
        if isinstance(job, str):
            job = await self.get(job_id=job)
        reader = _reader(self._client, job)
        for row in _rows(reader, reader.push(_inline(job))):
            yield row
        for file in _files(job):
            async with self._client.files.download(file_id=file) as download:
                async for chunk in download:
                    for row in _rows(reader, reader.push(chunk)):
                        yield row
            for row in _rows(reader, reader.end()):
                yield row
