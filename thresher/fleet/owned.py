"""Jobs that are settled only by the worker that has them.

Procrastinate settles a job by its number alone. A worker that was cut off, and whose jobs others have taken
over, would on its return put back, or remove, what is being done elsewhere.
"""

from __future__ import annotations

from typing import Any, Final

from procrastinate import App
from procrastinate.job_context import JobContext, JobResult
from procrastinate.jobs import Job, Status
from procrastinate.retry import RetryDecision
from procrastinate.worker import Worker

_IF_OURS: Final = (
    "FROM procrastinate_jobs WHERE id = %(job_id)s AND status = 'doing' "
    "AND worker_id IS NOT DISTINCT FROM %(worker_id)s"
)
_FINISH: Final = f"SELECT procrastinate_finish_job_v1(id, %(status)s, %(delete)s) {_IF_OURS}"
_RETRY: Final = f"SELECT procrastinate_retry_job_v2(id, %(retry_at)s, NULL, NULL, NULL) {_IF_OURS}"


class OwnWorker(Worker):
    """A worker that leaves alone what is not its own any more."""

    async def _persist_job_status(
        self,
        job: Job,
        status: Status,
        retry_decision: RetryDecision | None,
        context: JobContext,  # noqa: ARG002 - the interface
        job_result: JobResult | None,  # noqa: ARG002
    ) -> None:
        if retry_decision is not None:
            await put_back(self.app, job, retry_decision)
        else:
            await self.app.connector.execute_query_all_async(
                _FINISH,
                job_id=job.id,
                worker_id=job.worker_id,
                status=status.value,
                delete=status is Status.SUCCEEDED,
            )


async def put_back(app: App, job: Job, decision: RetryDecision) -> bool:
    """Put a job back into the queue; false where another worker has it by now, or nobody."""
    found: list[dict[str, Any]] = await app.connector.execute_query_all_async(
        _RETRY, job_id=job.id, worker_id=job.worker_id, retry_at=decision.retry_at
    )
    return bool(found)
