"""What a file may take up, and why so much."""

from services.contracts.importing import MAX_MESSAGE_BYTES, MAX_ROWS

__all__ = [
    "CELL_CHARACTERS", "CPU_S", "FILE_BYTES", "MAX_MESSAGE_BYTES", "MAX_ROWS", "MEMBERS",
    "MEMORY_BYTES", "OUTPUT_BYTES", "ROW_VALUES", "SHEET_COLUMNS", "SHEET_LINES", "SMALL_BYTES",
    "UNPACKED_BYTES", "WALL_S", "WRITING_CPU_S", "WRITING_WALL_S",
]  # fmt: skip

FILE_BYTES = 4 * 1024 * 1024  # five thousand rows of 800 bytes; the edge lingers for as much
# An XLSX is XML, packed to a tenth: all of its members together, as the archive declares them. No
# member yields more than it declares.
UNPACKED_BYTES = 40 * 1024 * 1024
SMALL_BYTES = 64 * 1024  # of text: read in less time than a process takes to start
MEMBERS = 1_000  # of an archive: a workbook has some ten, and a few for each sheet and picture
SHEET_LINES = 1_048_576  # as many as a spreadsheet has; empty ones are counted, not kept
SHEET_COLUMNS = 64  # three times what a sheet of supplies has; what is beyond is not looked at
CELL_CHARACTERS = 32_767  # as many as a spreadsheet keeps in one
# Of one row: all lists of a supply filled to their ends hold two thousand. Its owner checks fifty
# rows without a pause, some microseconds for each value.
ROW_VALUES = 3_000
# Of the process that reads: it starts in half a second, and takes two for five thousand rows. What
# wants more than this is not what somebody typed.
CPU_S = 10
WALL_S = 15.0  # with the owner's eight below the half minute that clients wait
# Of the process that writes: fifty thousand rows take some fifteen.
WRITING_CPU_S = 40
WRITING_WALL_S = 55.0  # proxies end what is silent for a minute
MEMORY_BYTES = 768 * 1024 * 1024  # addresses, not pages
OUTPUT_BYTES = 2 * MAX_MESSAGE_BYTES  # UTF-8 is shorter than what a message carries
