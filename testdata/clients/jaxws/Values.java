import com.cdrator.soap.BooleanValueDTO;
import com.cdrator.soap.ComplexValueDTO;
import com.cdrator.soap.DateValueDTO;
import com.cdrator.soap.DoubleValueDTO;
import com.cdrator.soap.LongValueDTO;
import com.cdrator.soap.StringValueDTO;
import com.cdrator.soap.ValueDTO;
import java.util.List;
import javax.xml.datatype.DatatypeFactory;

/** What the client sends. */
final class Values {
    private Values() {}

    static List<ValueDTO> everyType() {
        DoubleValueDTO price = keyed(new DoubleValueDTO(), "PRICE");
        price.setValue(12.5);
        DateValueDTO birth = keyed(new DateValueDTO(), "DOB");
        birth.setValue(DatatypeFactory.newDefaultInstance().newXMLGregorianCalendar("1980-01-31T00:00:00+01:00"));
        BooleanValueDTO ok = keyed(new BooleanValueDTO(), "OK");
        ok.setValue(true);
        return List.of(
                text("NAME", "Åse & <Øre> €"),
                text("NIL", null),
                text("EMPTY", ""),
                whole("ID", 9007199254740993L),
                price,
                birth,
                ok,
                complex("INNER", whole("ID", 9007199254740993L), text("LEAF", "one"), text("LEAF", "two")));
    }

    static List<ValueDTO> customer(String username) {
        return List.of(
                text("ACCOUNT_TYPE", "0"),
                text("PRODUCT_CODE", "POST_PAID"),
                complex("USER",
                        text("FIRST_NAME", "Åse & <Øre> €"),
                        text("LAST_NAME", "Ærlig"),
                        text("EMAIL", "aase@example.com"),
                        text("CITY", "Århus"),
                        text("ZIP", "8000"),
                        text("USERNAME", username),
                        text("PASSWORD", "correct horse battery")));
    }

    static ValueDTO context() {
        return complex("CONTEXT",
                text("LANGUAGE", "EN"),
                text("OPERATOR", "demo"),
                text("PASSWORD", "demo"),
                text("BRAND_KEY", "DEMO"));
    }

    static ValueDTO text(String key, String value) {
        StringValueDTO dto = keyed(new StringValueDTO(), key);
        dto.setValue(value);
        return dto;
    }

    private static ValueDTO whole(String key, long value) {
        LongValueDTO dto = keyed(new LongValueDTO(), key);
        dto.setValue(value);
        return dto;
    }

    private static ValueDTO complex(String key, ValueDTO... children) {
        ComplexValueDTO dto = keyed(new ComplexValueDTO(), key);
        dto.getValue().addAll(List.of(children));
        return dto;
    }

    private static <T extends ValueDTO> T keyed(T dto, String key) {
        dto.setKey(key);
        return dto;
    }
}
