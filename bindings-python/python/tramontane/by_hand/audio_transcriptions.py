"""Sound to text: the recording is a path, bytes, a file object, a URL, or the id of a file that was uploaded before."""

from __future__ import annotations

from ..resources import audio_transcriptions as generated
from .files import taken

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Unpack

    from .._file import FileInput
    from .._generated import Transcription
    from ..stream import AsyncTranscriptionStream, TranscriptionStream
    from ..types import ModelName, TranscriptionOptions

__all__ = ["AsyncAudioTranscriptions", "AudioTranscriptions"]


def _request(operation: str, model: ModelName, options: Any) -> tuple[dict[str, Any], dict[str, Any] | None]:
    file = options.pop("file", None)
    return taken({"operation": operation, "model": model, **options}, file)


class AudioTranscriptions(generated.AudioTranscriptions):
    """Sound to text."""

    __slots__ = ()

    def create(  # type: ignore[misc]  # a file is more here than its data
        self, *, model: ModelName, file: FileInput | None = None, **options: Unpack[TranscriptionOptions]
    ) -> Transcription:
        """Writes down what is said in a recording: ``file``, ``file_url`` or ``file_id``.

        Raises:
            InvalidRequest: before anything is sent, when the file cannot be read or the check finds an error.
            APIError: when the provider refuses or cannot be reached.
        """
        reply: Transcription = self._send(*_request("audio_transcription", model, {"file": file, **options}))
        return reply

    def stream(  # type: ignore[misc]  # a file is more here than its data
        self, *, model: ModelName, file: FileInput | None = None, **options: Unpack[TranscriptionOptions]
    ) -> TranscriptionStream:
        """Writes down what is said in a recording, in pieces. Use it in a ``with`` statement.

        Raises:
            InvalidRequest: before anything is sent, when the file cannot be read or the check finds an error.
            APIError: when the provider refuses or cannot be reached.
        """
        from ..stream import TranscriptionStream

        request, given = _request("audio_transcription_stream", model, {"file": file, **options})
        return self._open(TranscriptionStream, request, given)


class AsyncAudioTranscriptions(generated.AsyncAudioTranscriptions):
    """Sound to text."""

    __slots__ = ()

    async def create(  # type: ignore[misc]  # a file is more here than its data
        self, *, model: ModelName, file: FileInput | None = None, **options: Unpack[TranscriptionOptions]
    ) -> Transcription:
        """Writes down what is said in a recording: ``file``, ``file_url`` or ``file_id``.

        Raises:
            InvalidRequest: before anything is sent, when the file cannot be read or the check finds an error.
            APIError: when the provider refuses or cannot be reached.
        """
        reply: Transcription = await self._send(*_request("audio_transcription", model, {"file": file, **options}))
        return reply

    def stream(  # type: ignore[misc]  # a file is more here than its data
        self, *, model: ModelName, file: FileInput | None = None, **options: Unpack[TranscriptionOptions]
    ) -> AsyncTranscriptionStream:
        """Writes down what is said in a recording, in pieces: ``async with client.audio.transcriptions.stream(…)``.

        Raises:
            InvalidRequest: before anything is sent, when the file cannot be read or the check finds an error.
            APIError: when the provider refuses or cannot be reached.
        """
        from ..stream import AsyncTranscriptionStream

        request, given = _request("audio_transcription_stream", model, {"file": file, **options})
        return self._open(AsyncTranscriptionStream, request, given)
