"""A Spark of the tests' own: frames of a classic session and of Spark Connect on the same rows."""

from __future__ import annotations

import importlib.util
import os
import shutil
import socket
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet
import pytest

#: Small, alone and quiet. Days must not depend on the zone that a session is in, nor on Python's.
_SETTINGS = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    "spark.sql.session.timeZone": "America/New_York",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.plugins": "org.apache.spark.sql.connect.SparkConnectPlugin",
    "spark.ui.showConsoleProgress": "false",
    # Frames are small: compiling a query takes longer than to answer it.
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.codegen.wholeStage": "false",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


@cache
def session() -> Any:
    """Start Spark, with a server of Spark Connect in it; once for all tests of a process."""
    if importlib.util.find_spec("pyspark") is None:
        pytest.skip("pyspark is not installed here; 'make test-spark' brings it")
    if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
        pytest.skip("Spark needs Java, and there is none; Debian has it as openjdk-17-jre-headless")
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYSPARK_DRIVER_PYTHON"] = sys.executable
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.master("local[1]")
    for name, value in _SETTINGS.items():
        builder = builder.config(name, value)
    builder = builder.config("spark.connect.grpc.binding.port", str(_port()))
    found = builder.getOrCreate()
    found.sparkContext.setLogLevel("ERROR")
    return found


@cache
def remote() -> Any:
    """Return a session of Spark Connect, on the same Spark."""
    from pyspark.sql.connect.session import SparkSession

    port = session().conf.get("spark.connect.grpc.binding.port")
    return SparkSession.builder.remote(f"sc://127.0.0.1:{port}").getOrCreate()


def _port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def classic(table: pa.Table) -> Any:
    """Return rows as a frame of a classic session."""
    return session().read.parquet(_written(table))


def connect(table: pa.Table) -> Any:
    """Return rows as a frame of Spark Connect."""
    session()
    return remote().read.parquet(_written(table))


def _written(table: pa.Table) -> str:
    # As a file: integers with gaps that are handed over from memory arrive as nulls in places.
    folder = Path(tempfile.mkdtemp(dir=_folder()))
    pyarrow.parquet.write_table(table, folder / "rows.parquet")
    return str(folder)


@cache
def _folder() -> str:
    import atexit

    folder = tempfile.mkdtemp(prefix="forwhom-spark-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
