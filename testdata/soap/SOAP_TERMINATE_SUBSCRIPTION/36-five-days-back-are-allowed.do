brand TEST back_dated_days 5
