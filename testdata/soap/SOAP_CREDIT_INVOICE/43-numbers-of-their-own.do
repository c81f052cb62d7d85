brand TEST credit_note_number "K{year}-{n:4}"
