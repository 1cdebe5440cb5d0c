"""How large a file may be: every limit in one place, named in the message where it bites."""

MAX_FILE_BYTES = 2_000_000_000  # as uploaded, or on the server
MAX_UNPACKED_BYTES = 4_000_000_000  # out of a .gz or .zip
MAX_RATIO = 200  # unpacked ÷ packed, looked at beyond 64 MB: order files pack 5 to 30 times
MAX_RECORD_BYTES = 1_000_000  # one row of a text file
MAX_ROWS = 50_000_000
MAX_COLUMNS = 1_000
MAX_DAYS = 1_830  # from the first order to the last: the cube has a row for each
MAX_FILES = 50  # of one upload, or of one zip

MEMORY = "300MB"  # DuckDB's part of the child's memory
ADDRESS_SPACE_BYTES = 2_500_000_000
CPU_SECONDS = 300

SAMPLE_CELLS = 60_000  # of the first rows, looked at to guess what a column is
FIRST_ROWS = 5  # named for each finding


def megabytes(size: float) -> str:
    """
    >>> megabytes(2_000_000_000)
    '2,000 MB'
    """
    return f"{size / 1e6:,.0f} MB"
