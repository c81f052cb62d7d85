import keyed.BooleanValueDTO;
import keyed.ComplexValueDTO;
import keyed.DateValueDTO;
import keyed.DoubleValueDTO;
import keyed.FloatValueDTO;
import keyed.LongValueDTO;
import keyed.StringValueDTO;
import keyed.ValueDTO;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Calendar;
import java.util.Map;
import java.util.function.Function;
import org.apache.axis.AxisFault;

/** Prints an answer as the lines of one step, "step.KEY type value", in the form ../README.md lays down for all clients. */
final class Lines {
    private static final PrintStream OUT = new PrintStream(System.out, true, StandardCharsets.UTF_8);

    private final String step;

    Lines(String step) {
        this.step = step;
    }

    void number(String name, int value) {
        line(step + "." + name, "int", value, String::valueOf);
    }

    void text(String name, String value) {
        line(step + "." + name, "string", value, Lines::quoted);
    }

    void amount(String name, double value) {
        line(step + "." + name, "double", value, Lines::decimal);
    }

    void whole(String name, Long value) {
        line(step + "." + name, "long", value, String::valueOf);
    }

    void date(String name, Calendar value) {
        line(step + "." + name, "date", value, Lines::instant);
    }

    /** What every answer begins with. */
    void head(int errorCode, String errorMessage, int status) {
        number("errorCode", errorCode);
        text("errorMessage", errorMessage);
        number("status", status);
    }

    void fault(AxisFault fault) {
        text("faultcode", fault.getFaultCode().getLocalPart());
        text("faultstring", fault.getFaultString());
    }

    void values(ValueDTO[] list) {
        values(step, list);
    }

    private static void values(String path, ValueDTO[] list) {
        Map<String, Integer> count = new HashMap<>(), seen = new HashMap<>();
        for (ValueDTO dto : list) count.merge(dto.getKey(), 1, Integer::sum);
        for (ValueDTO dto : list) {
            String name = path + "." + dto.getKey();
            if (count.get(dto.getKey()) > 1) name += "[" + seen.merge(dto.getKey(), 1, Integer::sum) + "]";
            value(name, dto);
        }
    }

    private static void value(String name, ValueDTO dto) {
        if (dto instanceof ComplexValueDTO) {
            ValueDTO[] children = ((ComplexValueDTO) dto).getValue();
            if (children == null) line(name, "complex", dto, empty -> "{}");
            else values(name, children);
        } else if (dto instanceof StringValueDTO) {
            line(name, "string", ((StringValueDTO) dto).getValue(), Lines::quoted);
        } else if (dto instanceof LongValueDTO) {
            line(name, "long", ((LongValueDTO) dto).getValue(), String::valueOf);
        } else if (dto instanceof DoubleValueDTO) {
            line(name, "double", ((DoubleValueDTO) dto).getValue(), Lines::decimal);
        } else if (dto instanceof FloatValueDTO) {
            line(name, "float", ((FloatValueDTO) dto).getValue(), Lines::decimal);
        } else if (dto instanceof BooleanValueDTO) {
            line(name, "boolean", ((BooleanValueDTO) dto).getValue(), String::valueOf);
        } else if (dto instanceof DateValueDTO) {
            line(name, "date", ((DateValueDTO) dto).getValue(), Lines::instant);
        } else {
            line(name, "untyped", null, String::valueOf);
        }
    }

    private static <T> void line(String name, String type, T value, Function<T, String> shown) {
        OUT.println(name + " " + type + " " + (value == null ? "null" : shown.apply(value)));
    }

    private static String quoted(String text) {
        return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
    }

    private static String instant(Calendar value) {
        return value.toInstant().toString();
    }

    private static String decimal(Number value) {
        return new BigDecimal(value.toString()).stripTrailingZeros().toPlainString();
    }
}
