"""Segmentations built by hand: typical, one mass market, and as bad as they come."""

from __future__ import annotations

import math

from forwhom.documents.fitting import Candidate, Certainty, Fit
from forwhom.documents.models import MixtureModel, Novelty
from forwhom.documents.segmentation import (
    Distinction,
    Interval,
    LeftOut,
    LevelShare,
    NumberSummary,
    Quality,
    Residual,
    Segment,
    Segmentation,
    Source,
    TypicalMember,
    TypingStep,
    TypingTool,
    Variable,
    VariableProfile,
)
from forwhom.documents.value import Amount, CheckedValue, SegmentValue, Value

NASTY = "</title><script>alert('x')</script><img src=https://evil.example/p.png onerror=alert(1)>"
RTL = "عملاء مخلصون يشترون كل أسبوع من المتجر القريب"
LONG = "Kraftfahrzeughaftpflichtversicherungsbedingungen" * 4


def number(mean: float, sd: float, zeros: float = 0.0) -> NumberSummary:
    values = {name: max(mean + z * sd, 0.0) for name, z in (("q10", -1.2), ("q25", -0.7))}
    upper = {name: mean + z * sd for name, z in (("median", -0.1), ("q75", 0.6), ("q90", 1.3))}
    return NumberSummary(mean=mean, sd=sd, zeros=zeros, **values, **upper)


def candidate(k: int, chosen: int) -> Candidate:
    log_likelihood = -61_000.0 + 4_800 * (1 - math.exp(-0.9 * (k - 1)))
    parameters = 23 * k
    penalty = 260.0 * max(k - chosen, 0)
    bic = -2 * log_likelihood + 7.8 * parameters + penalty
    return Candidate(
        k=k,
        log_likelihood=log_likelihood,
        n_parameters=parameters,
        bic=bic,
        aic=-2 * log_likelihood + 2 * parameters,
        aic3=-2 * log_likelihood + 3 * parameters,
        caic=bic + parameters,
        sabic=bic - 3 * parameters,
        icl=bic + 260.0 * (k - 1),
        entropy_r2=None if k == 1 else 0.97 - 0.03 * k,
        classification_error=0.0 if k == 1 else 0.02 * k,
        smallest_share=1 / (k + 1),
        converged=k < 8,
        n_iter=20 * k,
        best_start_share=max(1.0 - 0.13 * (k - 1), 0.03),
        n_starts=50,
    )


def overlap(k: int) -> list[list[float]]:
    own = 0.91
    return [[own if i == j else (1 - own) / max(k - 1, 1) for j in range(k)] for i in range(k)]


def model(k: int) -> MixtureModel:
    novelty = Novelty(threshold=-3.0, centers=[], spreads=[])
    return MixtureModel(weights=[1 / k] * k, items=[], novelty=novelty)


def segment(
    position: int,
    name: str,
    share: float,
    n: int,
    distinctions: list[Distinction],
    profile: list[VariableProfile],
    member: dict[str, str] | None,
    proposed: str | None = None,
) -> Segment:
    return Segment(
        id=position,
        name=name,
        proposed_name=proposed or name,
        n=n,
        share=share,
        share_interval=Interval(low=max(share - 0.03, 0.0), high=share + 0.03),
        certainty=Certainty(mean_probability=0.97 - 0.02 * position, sure=0.95 - 0.03 * position),
        distinctions=distinctions,
        profile=profile,
        typical_member=None if member is None else TypicalMember(based_on=42, values=member),
    )


VARIABLES = [
    Variable(name="frequency", label="Shopping trips", measure="count", use="active",
             basis="behavioral", unit="trips", definition="Days with a purchase in the year."),
    Variable(name="recency", label="Days since the last purchase", measure="positive",
             use="active", basis="behavioral", unit="days"),
    Variable(name="spend", label="Money spent in the year", measure="positive", use="active",
             basis="behavioral", unit="$", definition="Sum of sales value, refunds taken off."),
    Variable(name="basket", label="Money per basket", measure="positive", use="active",
             basis="behavioral", unit="$"),
    Variable(name="produce", label="Share of money on fresh produce", measure="continuous",
             use="active", basis="behavioral", unit="share"),
    Variable(name="weekend", label="Shops mostly at the weekend", measure="binary", use="active",
             basis="behavioral", levels=["no", "yes"]),
    Variable(name="channel", label="Main store type", measure="nominal", use="active",
             basis="behavioral", levels=["supermarket", "convenience", "online"]),
    Variable(name="price", label="Price matters most to me", measure="ordinal", use="active",
             basis="psychographic", levels=["disagree", "neither", "agree"], missing=0.12),
    Variable(name="income", label="Household income", measure="ordinal", use="descriptor",
             basis="demographic", levels=["under 35K", "35-74K", "75K and more"], missing=0.676),
    Variable(name="age", label="Age of the head of household", measure="continuous",
             use="protected", basis="demographic", unit="years", missing=0.676),
]  # fmt: skip

_NUMBERS = {
    "frequency": ((84.0, 30.0), [148.0, 61.0, 38.2, 9.4]),
    "recency": ((14.2, 20.0), [1.8, 6.1, 9.6, 58.0]),
    "spend": ((1858.0, 1500.0), [4312.0, 1690.0, 1204.0, 176.0]),
    "basket": ((28.4, 14.0), [31.1, 27.8, 35.2, 15.9]),
    "produce": ((0.118, 0.07), [0.142, 0.087, 0.171, 0.079]),
    "age": ((48.6, 14.0), [52.3, 49.0, 43.1, 46.5]),
}
_LEVELS: dict[str, tuple[list[float], list[list[float | None]]]] = {
    "weekend": ([0.63, 0.37], [[0.81, 0.19], [0.74, 0.26], [0.22, 0.78], [0.63, 0.37]]),
    "channel": (
        [0.71, 0.2, 0.09],
        [[0.86, 0.1, 0.04], [0.8, 0.15, 0.05], [0.61, 0.12, 0.27], [0.35, 0.65, None]],
    ),
    "price": (
        [0.31, 0.3, 0.39],
        [[0.34, 0.32, 0.34], [0.11, 0.21, 0.68], [0.6, 0.27, 0.13], [0.27, 0.43, 0.3]],
    ),
    "income": (
        [0.33, 0.38, 0.29],
        [[0.22, 0.4, 0.38], [0.46, 0.38, 0.16], [0.15, 0.35, 0.5], [None, None, None]],
    ),
}


def grocery_profile(position: int) -> list[VariableProfile]:
    profiles = []
    for variable in VARIABLES:
        n: int | None = 900 - 200 * position
        if variable.name in _NUMBERS:
            (mean, sd), means = _NUMBERS[variable.name]
            hidden = variable.name == "age" and position == 4
            profiles.append(
                VariableProfile(
                    variable=variable.name,
                    n=None if hidden else n,
                    missing=0.98765 if hidden else variable.missing,
                    inside=None if hidden else number(means[position - 1], sd * 0.7),
                    sample=number(mean, sd),
                )
            )
        else:
            sample, inside = _LEVELS[variable.name]
            shares = [
                LevelShare(level=level, inside=i, sample=s)
                for level, i, s in zip(variable.levels, inside[position - 1], sample, strict=True)
            ]
            n = None if variable.name == "income" and position == 4 else n
            profiles.append(
                VariableProfile(
                    variable=variable.name, n=n, missing=variable.missing, levels=shares
                )
            )
    return profiles


def distinction(
    variable: str, statement: str, effect: float, phrase: str, kind: str = "d"
) -> Distinction:
    return Distinction.model_validate(
        {
            "variable": variable,
            "statement": statement,
            "effect": effect,
            "interval": {"low": effect - 0.14, "high": effect + 0.14},
            "kind": kind,
            "inside": 1.0,
            "rest": 0.5,
            "phrase": phrase,
        }
    )


def _grocery_segments() -> list[Segment]:
    told = [
        [
            distinction("frequency", "Comes 148 times a year; other customers 52 times.", 1.92,
                        "frequent shoppers"),
            distinction("spend", "Spends $4,312 a year; others $1,020.", 1.71, "big spenders"),
            distinction("recency", "Bought 1.8 days ago on average; others 18.4 days ago.", -0.74,
                        "recent buyers"),
            distinction("weekend", "19% shop mostly at the weekend; others 43%.", -0.52,
                        "weekday shoppers", "h"),
            distinction("age", "Is 52 years old; others 47.", 0.36, "older"),
            distinction("income", "38% earn 75K and more; others 26%.", 0.26, "higher income", "h"),
        ],
        [
            distinction("price", "68% agree that price matters most; others 28%.", 0.84,
                        "price-minded", "h"),
            distinction("produce", "8.7% of the money goes to fresh produce; others 13%.", -0.61,
                        "little fresh produce"),
        ],
        [
            distinction("weekend", "78% shop mostly at the weekend; others 27%.", 1.06,
                        "weekend shoppers", "h"),
            distinction("price", "13% agree that price matters most; others 45%.", -0.73,
                        "price matters less", "h"),
            distinction("produce", "17% of the money goes to fresh produce; others 11%.", 0.88,
                        "fresh food"),
            distinction("channel", "27% mainly buy online; others 5%.", 0.64, "online", "h"),
        ],
        [
            distinction("recency", "Bought 58 days ago on average; others 5 days ago.", 2.9,
                        "lapsing customers"),
            distinction("spend", "Spends $176 a year; others $2,193.", -1.4, "small baskets"),
            distinction("channel", "65% mainly use convenience stores; others 12%.", 1.15,
                        "convenience stores", "h"),
        ],
    ]  # fmt: skip
    names = ["Frequent big spenders", "Price-minded regulars", "Weekend fresh-food shoppers",
             "Lapsing convenience shoppers"]  # fmt: skip
    member = {
        "frequency": "141 trips", "recency": "1 day", "spend": "$4,105", "basket": "$30.2",
        "produce": "14%", "weekend": "no", "channel": "supermarket", "price": "neither",
        "income": "35-74K", "age": "52 years",
    }  # fmt: skip
    sizes = [(0.342, 845), (0.281, 690), (0.224, 556), (0.153, 378)]
    return [
        segment(i, name, share, n, told[i - 1], grocery_profile(i), None if i == 4 else member,
                proposed="Weekend shoppers" if i == 3 else None)
        for i, (name, (share, n)) in enumerate(zip(names, sizes, strict=True), start=1)
    ]  # fmt: skip


def typical() -> Segmentation:
    """Four segments of grocery customers, with mixed variables and hidden cells."""
    overlaps = [[0.95, 0.03, 0.0196, 0.0004], [0.05, 0.88, 0.06, 0.01],
                [0.04, 0.09, 0.86, 0.01], [0.0, 0.02, 0.01, 0.97]]  # fmt: skip
    return Segmentation(
        title="Grocery households, 2017",
        created="2026-01-02T03:04:05Z",
        version="0.1.0",
        n=2469,
        sources=[
            Source(name="transactions.parquet", rows=1_469_307, columns=11, fingerprint="9f2c41d8"),
            Source(name="demographics.parquet", rows=801, columns=8, fingerprint="0b7e55aa"),
        ],
        variables=VARIABLES,
        model=model(4),
        fit=Fit(method="mixture", criterion="bic", seed=7, n_starts=50, tol=1e-8, max_iter=2000,
                prior=1.0, n_iter=80, best_start_share=0.61, log_likelihood=-56_512.34,
                n_parameters=92),
        selection=[candidate(k, 4) for k in range(1, 9)],
        segments=_grocery_segments(),
        overlap=overlaps,
        residuals=[
            Residual(first="frequency", second="spend", value=14.2),
            Residual(first="basket", second="channel", value=5.1),
            Residual(first="weekend", second="price", value=0.9),
        ],
        typing_tool=TypingTool(
            steps=[
                TypingStep(variable=name, accuracy=accuracy)
                for name, accuracy in [("recency", 0.58), ("frequency", 0.74), ("weekend", 0.83),
                                       ("price", 0.9), ("spend", 0.93), ("channel", 0.95)]
            ],
            recommended=4,
            majority=0.34,
            gain=0.56,
            gain_interval=Interval(low=0.53, high=0.59),
        ),
        quality=Quality(
            left_out=[
                LeftOut(name="household_id", why="It identifies the customer."),
                LeftOut(name="store_note", why="Free text: 2,101 different values."),
            ],
            notes=[
                "1,469,307 lines of 155,848 baskets were read; 4,120 with zero value were kept.",
                "There were no refunds.",
            ],
            warnings=["68% of the households have no demographics, so what is said about age and "
                      "income rests on 801 households."],
        ),
    )  # fmt: skip


def mass_market() -> Segmentation:
    """One segment."""
    base = typical()
    everyone = base.segments[0].model_copy(
        update={
            "name": "Everyone", "proposed_name": "Everyone", "n": 2469, "share": 1.0,
            "share_interval": Interval(low=1.0, high=1.0), "distinctions": [],
            "certainty": Certainty(mean_probability=1.0, sure=1.0),
        }
    )  # fmt: skip
    return base.model_copy(
        update={
            "segments": [everyone], "overlap": [[1.0]], "typing_tool": None, "model": model(1),
            "selection": [candidate(k, 1).model_copy(update={"bic": 90_000.0 + 400 * k})
                          for k in range(1, 7)],
            "quality": Quality(),
        }
    )  # fmt: skip


def worst() -> Segmentation:
    """Twelve segments, 150 variables, names that are long, right-to-left or an attack."""
    labels = [NASTY, RTL, LONG, "A\x00\x1b[31mB\u202ereversed", "数字の好みと買い物の頻度について"]
    variables = []
    for i in range(150):
        measure = ("continuous", "nominal", "ordinal", "positive", "binary")[i % 5]
        many = 60 if i == 1 else 5
        levels = [f"{labels[(i + j) % 5][:60]} {j}" for j in range(many)]
        discrete = measure in ("nominal", "ordinal", "binary")
        variables.append(
            Variable.model_validate({
                "name": f"v{i}", "label": f"{labels[i % 5]} {i}", "measure": measure,
                "use": ("active", "active", "descriptor", "protected")[i % 4],
                "levels": levels[: 2 if measure == "binary" else many] if discrete else [],
                "missing": 0.01 * (i % 7), "unit": None if discrete else labels[i % 5][:30],
                "definition": labels[(i + 1) % 5],
            })
        )  # fmt: skip
    segments = [_worst_segment(i, labels, variables) for i in range(1, 13)]
    return Segmentation(
        title=f"{NASTY} {RTL}",
        created="2026-01-02T03:04:05Z",
        version="0.1.0",
        n=123_456_789,
        weight="<b>weight</b>",
        sources=[Source(name=LONG, rows=123_456_789, fingerprint="ab" * 32)],
        variables=variables,
        model=model(12),
        fit=Fit(method="mixture", criterion="icl", seed=0, n_starts=200, converged=False),
        selection=[candidate(k, 12) for k in range(1, 21)],
        segments=segments,
        overlap=overlap(12),
        residuals=[Residual(first="v0", second=f"v{i}", value=1000.0 / i) for i in range(1, 60)],
        typing_tool=TypingTool(
            steps=[TypingStep(variable=f"v{i}", accuracy=1 - 0.9 / (i + 1)) for i in range(30)],
            recommended=9,
            majority=0.2,
            gain=0.7,
            gain_interval=Interval(low=0.6, high=0.8),
        ),
        quality=Quality(
            left_out=[LeftOut(name=f"{NASTY}{i}", why=LONG) for i in range(40)],
            notes=[NASTY, RTL, LONG],
            warnings=[NASTY, LONG, RTL],
        ),
    )


def _worst_segment(i: int, labels: list[str], variables: list[Variable]) -> Segment:
    profile = []
    for v, variable in enumerate(variables):
        drift = math.sin(i * (v + 1))
        if variable.levels:
            raw = [1.2 + math.sin(i * (v + 1) * (j + 1)) for j in range(len(variable.levels))]
            profile.append(
                VariableProfile(
                    variable=variable.name, n=500, missing=0.0,
                    levels=[LevelShare(level=level, inside=None if r < 0.3 else r / sum(raw),
                                       sample=1 / len(raw))
                            for level, r in zip(variable.levels, raw, strict=True)],
                )
            )  # fmt: skip
        else:
            profile.append(
                VariableProfile(
                    variable=variable.name, n=500, missing=0.0, sample=number(1e6, 4e5),
                    inside=number(1e6 + 1.9e6 * drift, 3e5),
                )
            )  # fmt: skip
    told = [
        distinction(f"v{j}", f"{labels[(i + j) % 5]} is 12; others 3.", 6.0 * math.cos(i * j),
                    labels[(i + j) % 5])
        for j in range(14)
    ]  # fmt: skip
    member = {v.name: f"{labels[(i + 2) % 5]}" for v in variables[:100]}
    return segment(i, f"{labels[i % 5]} {i}", (13 - i) / 78, 10_000 * (13 - i), told, profile,
                   member, proposed=f"{labels[(i + 1) % 5]}")  # fmt: skip


def amount(value: float) -> Amount:
    return Amount(value=value, low=0.9 * value, high=1.1 * value)


def value(*chances: float, predicted: float = 10.0, followed: float = 10.0) -> Value:
    """Segments that bring enough with these chances, and a check of their money."""
    return Value(
        unit="week", horizon=52, money="EUR", held_back=13, at_least=1000.0,
        segments=[
            SegmentValue(segment=i, n=100, alive=0.8, purchases=amount(4), value=amount(40),
                         share=1 / len(chances), substantial=chance)
            for i, chance in enumerate(chances, 1)
        ],
        checked=[
            CheckedValue(segment=i, n=100, predicted=1, bought=amount(1),
                         predicted_money=predicted, spent=amount(followed))
            for i in range(1, len(chances) + 1)
        ],
    )  # fmt: skip
