"""Every figure of the evaluation."""


def page(lang: str) -> str:
    """The page of all figures."""
    return "# Figures" if lang == "en" else "# 指标"
