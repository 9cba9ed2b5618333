"""Compile all kernels into the cache: a few customers are segmented, and their lifetimes fitted."""

import numpy as np
import pyarrow as pa

import forwhom as fw


def main() -> None:
    """Discover segments with measured numbers and with tilts, fixed and sought."""
    rng = np.random.default_rng(5)
    often = np.arange(400) % 2 == 0
    shop = pa.table(
        {
            "visits": rng.poisson(np.where(often, 12, 2)),
            "basket_size": rng.normal(np.where(often, 40.0, 10.0), 2.0),
            "channel": np.where(rng.random(400) < np.where(often, 0.9, 0.2), "online", "store"),
        }
    )
    fw.discover(shop, k=2, numbers="measured", n_starts=4, stability=0)
    fw.discover(shop, k_max=3, n_starts=4, stability=0)
    postcodes = np.repeat(np.arange(300), 2)[:, None]  # levels beyond a byte
    for whole in (np.int64, np.int32, np.uint16, np.int8):
        answers = (postcodes if whole is np.int64 else postcodes % 100).astype(whole)
        fw.LatentSegments(2, n_starts=1, measures="nominal", random_state=0).fit(answers)
    fw.BetaGeoModel(max_iter=2).fit([0, 3, 1, 5], [0, 9, 2, 6], [9, 12, 8, 7])


if __name__ == "__main__":
    main()
