brand NORD back_dated_days 30
