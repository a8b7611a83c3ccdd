"""The family of errors: what happened, to which document, what the operator can do, whether trying again helps.

ChronikaError
├── ConfigurationError   a setting, a topology or an installed part is wrong: nothing can start
├── RefusedInputError    an article cannot be taken in; its neighbours can
├── ContractError        bytes that are no document of this schema
├── StageError           a stage failed on a document
├── StoreError           the store cannot be read or written
└── NotFoundError           what was asked for is not there
"""

from __future__ import annotations


class ChronikaError(Exception):
    """An error with a stable code. `cure` says what to do; `retryable` whether the same call may succeed later."""

    def __init__(
        self, code: str, message: str, *, cure: str = "", document_id: str = "", retryable: bool = False
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.cure = cure
        self.document_id = document_id
        self.retryable = retryable

    def __str__(self) -> str:
        document = f" (document {self.document_id})" if self.document_id else ""
        cure = f" {self.cure}" if self.cure else ""
        return f"{self.code}: {self.message}{document}.{cure}"


class ConfigurationError(ChronikaError):
    """A setting, a topology or an installed part is wrong: nothing can start."""


class RefusedInputError(ChronikaError):
    """An article cannot be taken in; its neighbours can."""


class ContractError(ChronikaError):
    """Bytes that are no document of this schema."""


class StageError(ChronikaError):
    """A stage failed on a document."""


class StoreError(ChronikaError):
    """The store cannot be read or written."""


class NotFoundError(ChronikaError):
    """What was asked for is not there."""
