brand TEST invoice_number "F-{n:6}"
brand TEST credit_note_number "INV-{n:6}"
