"""Files: uploaded from a path, from bytes or from a file object, downloaded piece by piece."""

from __future__ import annotations

from .._file import described
from .._observe import WatchedDownload
from .._resource import split
from ..download import AsyncDownload, Download
from ..resources import files as generated

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from .._file import FileInput
    from .._generated import FileObject
    from ..types import CallOptions, FilesUploadOptions

__all__ = ["AsyncFiles", "Files"]


def taken(request: dict[str, Any], file: FileInput | None) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """A request, and the file whose content does not stand in it."""
    if file is None:
        return request, None
    # A file that stands in the request as data goes as it is.
    if isinstance(file, dict):
        return {**request, "file": file}, None
    return request, described(file)


class Files(generated.Files):
    """Files at the provider: uploaded, listed, fetched, deleted."""

    __slots__ = ()

    def upload(self, file: FileInput, **options: Unpack[FilesUploadOptions]) -> FileObject:
        """Uploads a file: 512 MB at most. It is read while it goes out, and never lies in memory as a whole.

        ``file`` is a path, bytes, or a file object that was opened in binary mode; ``(name, content)`` gives it another
        name, and ``(name, content, content_type)`` says what it is. A path and a file object that can seek are read again
        when the upload has to be repeated.

        Raises:
            InvalidRequest: before anything is sent, when the file cannot be read or the check finds an error.
            APIError: when the provider refuses or cannot be reached.
        """
        reply: FileObject = self._send(*taken({"operation": "files_upload", **options}, file))
        return reply

    def download(self, *, file_id: str, **options: Unpack[CallOptions]) -> Download:
        """Fetches the content of a file, piece by piece. Use it in a ``with`` statement: leaving it closes the connection.

        Raises:
            APIError: when the provider refuses or cannot be reached.
        """
        fields, settings = split({"operation": "files_download", "file_id": file_id, **options})
        return Download(self._begin("download", WatchedDownload, fields, settings, fields))


class AsyncFiles(generated.AsyncFiles):
    """Files at the provider: uploaded, listed, fetched, deleted."""

    __slots__ = ()

    async def upload(self, file: FileInput, **options: Unpack[FilesUploadOptions]) -> FileObject:
        """Uploads a file: 512 MB at most. It is read while it goes out, and never lies in memory as a whole.

        ``file`` is a path, bytes, or a file object that was opened in binary mode; ``(name, content)`` gives it another
        name, and ``(name, content, content_type)`` says what it is. The file is read beside the event loop, not in it.

        Raises:
            InvalidRequest: before anything is sent, when the file cannot be read or the check finds an error.
            APIError: when the provider refuses or cannot be reached.
        """
        reply: FileObject = await self._send(*taken({"operation": "files_upload", **options}, file))
        return reply

    def download(self, *, file_id: str, **options: Unpack[CallOptions]) -> AsyncDownload:
        """Fetches the content of a file, piece by piece: ``async with client.files.download(…) as download``.

        Raises:
            APIError: when the provider refuses or cannot be reached.
        """
        fields, settings = split({"operation": "files_download", "file_id": file_id, **options})
        return AsyncDownload(self._begin("start_download", WatchedDownload, fields, settings, fields))
