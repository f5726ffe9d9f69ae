"""Which characters are digits to ``has_number``, in both back ends."""

NUMERALS = "0123456789０１２３４５６７８９〇零一二三四五六七八九十两百"
