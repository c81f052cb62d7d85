import java.util.Calendar;
import java.util.GregorianCalendar;
import java.util.TimeZone;
import keyed.BooleanValueDTO;
import keyed.ComplexValueDTO;
import keyed.DateValueDTO;
import keyed.DoubleValueDTO;
import keyed.LongValueDTO;
import keyed.StringValueDTO;
import keyed.ValueDTO;

/** What the client sends. */
final class Values {
    private Values() {}

    static ValueDTO[] everyType() {
        return new ValueDTO[] {
            text("NAME", "Åse & <Øre> €"),
            text("NIL", null),
            text("EMPTY", ""),
            new LongValueDTO("ID", 9007199254740993L),
            new DoubleValueDTO("PRICE", 12.5),
            new DateValueDTO("DOB", utc(1980, Calendar.JANUARY, 30, 23)),
            new BooleanValueDTO("OK", true),
            complex("INNER", new LongValueDTO("ID", 9007199254740993L), text("LEAF", "one"), text("LEAF", "two")),
        };
    }

    static ValueDTO[] customer(String username) {
        return new ValueDTO[] {
            text("ACCOUNT_TYPE", "0"),
            text("PRODUCT_CODE", "POST_PAID"),
            complex("USER",
                    text("FIRST_NAME", "Åse & <Øre> €"),
                    text("LAST_NAME", "Ærlig"),
                    text("EMAIL", "aase@example.com"),
                    text("CITY", "Århus"),
                    text("ZIP", "8000"),
                    text("USERNAME", username),
                    text("PASSWORD", "correct horse battery")),
        };
    }

    static ValueDTO context() {
        return complex("CONTEXT",
                text("LANGUAGE", "EN"),
                text("OPERATOR", "demo"),
                text("PASSWORD", "demo"),
                text("BRAND_KEY", "DEMO"));
    }

    static ValueDTO text(String key, String value) {
        return new StringValueDTO(key, value);
    }

    /** Axis writes every date in UTC, whatever zone its Calendar has. */
    static Calendar utc(int year, int month, int day, int hour) {
        Calendar date = new GregorianCalendar(TimeZone.getTimeZone("UTC"));
        date.clear();
        date.set(year, month, day, hour, 0);
        return date;
    }

    private static ValueDTO complex(String key, ValueDTO... children) {
        return new ComplexValueDTO(key, children);
    }
}
