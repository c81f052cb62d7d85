import java.net.URL;
import java.util.Arrays;
import keyed.ComplexValueDTO;
import keyed.Invoker;
import keyed.InvokerServiceLocator;
import keyed.RequestDTO;
import keyed.ResponseDTO;
import keyed.StringValueDTO;
import keyed.ValueDTO;
import org.apache.axis.AxisFault;
import org.apache.axis.client.Stub;
import org.apache.axis.transport.http.HTTPConstants;

/** Tries a Rator endpoint with the stubs that WSDL2Java of Axis 1.4 made from its WSDLs. What it calls and what it prints: ../README.md. */
public final class Client {
    private final Invoker port;

    private Client(String endpoint) throws Exception {
        port = new InvokerServiceLocator().getInvokerPort(new URL(endpoint));
    }

    /** Prints what came back as lines of the step, and gives the values of the answer; a fault has none. */
    private ValueDTO[] call(String step, String hookpoint, ValueDTO... values) throws Exception {
        ValueDTO[] all = Arrays.copyOf(values, values.length + 1);
        all[values.length] = Values.context();
        Lines lines = new Lines(step);
        ResponseDTO answer;
        try {
            answer = port.executeMethod(new RequestDTO(hookpoint, all));
        } catch (AxisFault fault) {
            lines.number("http", httpStatus());
            lines.fault(fault);
            return new ValueDTO[0];
        }
        lines.number("http", httpStatus());
        lines.head(answer.getErrorCode(), answer.getErrorMessage(), answer.getStatus());
        lines.values(answer.getValues());
        return answer.getValues();
    }

    private int httpStatus() throws Exception {
        return (Integer) ((Stub) port)._getCall().getMessageContext().getProperty(HTTPConstants.MC_HTTP_STATUS_CODE);
    }

    private static ValueDTO member(ValueDTO[] values, String key) {
        return Arrays.stream(values).filter(dto -> dto.getKey().equals(key)).findFirst().orElseThrow();
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: Client ENDPOINT USERNAME");
            System.exit(2);
        }
        String endpoint = args[0], username = args[1], tooLong = "x".repeat(70000);
        Client client = new Client(endpoint);

        client.call("echo11", "SIGNUP", Values.everyType());
        ValueDTO[] signup = client.call("signup", "SOAP_SIGNUP_CUSTOMER", Values.customer(username));
        ComplexValueDTO account = (ComplexValueDTO) member(signup, "ACCOUNT");
        StringValueDTO number = (StringValueDTO) member(account.getValue(), "CUSTOMER_NUMBER");
        client.call("profile", "SOAP_GET_WEB_USER_PROFILE_INTERNAL", Values.text("CUSTOMER_NUMBER", number.getValue()));
        client.call("taken", "SOAP_SIGNUP_CUSTOMER", Values.customer(username));
        client.call("fault11", "SIGNUP", Values.text("NAME", tooLong));
        new TypedClient(endpoint).run(username + "-typed");
    }
}
