"""The models of an exploration compute in one thread, so that their result does not depend on the machine."""

from threadpoolctl import threadpool_info

from ml_platform.exploration.models import in_one_thread


def test_every_thread_pool_is_limited_to_one() -> None:
    limited = in_one_thread(lambda: [pool["num_threads"] for pool in threadpool_info()])
    assert set(limited()) == {1}
