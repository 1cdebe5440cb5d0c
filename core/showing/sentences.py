"""The argument under the drag, as parts the browser fills with figures."""


def sentences(
    period: str, *, expected: bool = False, approves: bool = True, kept: bool = False
) -> dict[str, list[dict[str, str]]]:
    """The argument as parts to fill: text, a figure at the line or at the baseline, or a change with a wording
    for more, less and same (`{}` is the size of the change).

    approves: the figures that stay are those of approving everything; else those of the baseline chosen, to which
    nothing on this chart moves. kept: no step of this chart is the baseline.
    """
    end = [{"text": ": "}, {"change": "saving", "format": "dollars_short", "signed": "+"}, {"text": f"{period}."}]
    if expected:
        end[-1] = {"text": f"{period}, expected: some outcomes are not known yet."}
    moved = [
        {"figure": "false_positive_rate", "at": "baseline", "format": "percent_short"},
        {"text": " to "},
        {"figure": "false_positive_rate", "at": "line", "format": "percent_short"},
    ]
    changes = [
        _change("review_cost", "adds {} of reviews", "saves {} of reviews", "needs the same reviews"),
        {"text": ", "},
        _change("fraud_loss", "lets {} more fraud through", "stops {} more fraud", "lets the same fraud through"),
        _change("insult_cost", ", costs {} more in lost buyers", ", keeps {} of buyers", ""),
    ]
    scoring = _change("api_cost", ", pays {} for scoring", ", saves {} of scoring", "")
    pinned = [{"text": "Moving from "}, *moved, {"text": " FPR "}, *changes, *end]
    against = [
        {"text": "Against approving everything, a line at "},
        moved[2],
        {"text": " FPR "},
        *changes,
        scoring,
        *end,
    ]
    return {
        "pinned": pinned,
        "fixed": against if approves or not kept else [*pinned[: -len(end)], scoring, *end],
        "same": [{"text": "The line stands on the baseline: drag it to see what a change is worth."}],
    }


def _change(figure: str, more: str, less: str, same: str) -> dict[str, str]:
    return {"change": figure, "format": "dollars_short", "more": more, "less": less, "same": same}
