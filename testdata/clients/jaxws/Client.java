import com.cdrator.soap.ComplexValueDTO;
import com.cdrator.soap.Invoker;
import com.cdrator.soap.InvokerService;
import com.cdrator.soap.RequestDTO;
import com.cdrator.soap.ResponseDTO;
import com.cdrator.soap.StringValueDTO;
import com.cdrator.soap.ValueDTO;
import java.net.URL;
import java.util.List;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.soap.SOAPBinding;
import javax.xml.ws.soap.SOAPFaultException;

/** Tries a Rator endpoint with the stubs that wsimport made from its WSDLs. What it calls and what it prints: ../README.md. */
public final class Client {
    private final Invoker port;

    /** A client of the first port of that binding, one of the constants of SOAPBinding, in the WSDL. */
    private Client(String wsdl, String binding) throws Exception {
        InvokerService service = new InvokerService(new URL(wsdl));
        port = firstPort(service, binding);
    }

    private static Invoker firstPort(InvokerService service, String binding) {
        for (var ports = service.getPorts(); ports.hasNext(); ) {
            Invoker port = service.getPort(ports.next(), Invoker.class);
            if (((BindingProvider) port).getBinding().getBindingID().equals(binding)) return port;
        }
        throw new IllegalStateException("the WSDL has no port of binding " + binding);
    }

    /** Prints what came back as lines of the step, and gives the values of the answer; a fault has none. */
    private List<ValueDTO> call(String step, String hookpoint, List<ValueDTO> values) {
        RequestDTO request = new RequestDTO();
        request.setHookpointKey(hookpoint);
        request.getValues().addAll(values);
        request.getValues().add(Values.context());
        Lines lines = new Lines(step);
        ResponseDTO answer;
        try {
            answer = port.executeMethod(request);
        } catch (SOAPFaultException e) {
            lines.number("http", httpStatus());
            lines.fault(e);
            return List.of();
        }
        lines.number("http", httpStatus());
        lines.head(answer.getErrorCode(), answer.getErrorMessage(), answer.getStatus());
        lines.values(answer.getValues());
        return answer.getValues();
    }

    private int httpStatus() {
        return (Integer) ((BindingProvider) port).getResponseContext().get(MessageContext.HTTP_RESPONSE_CODE);
    }

    private static ValueDTO member(List<ValueDTO> values, String key) {
        return values.stream().filter(v -> v.getKey().equals(key)).findFirst().orElseThrow();
    }

    public static void main(String[] args) throws Exception {
        if (args.length != 2) {
            System.err.println("usage: Client ENDPOINT USERNAME");
            System.exit(2);
        }
        String endpoint = args[0], username = args[1];
        Client client = new Client(endpoint + "?wsdl", SOAPBinding.SOAP11HTTP_BINDING);
        Client client12 = new Client(endpoint + "?wsdl=1.2", SOAPBinding.SOAP12HTTP_BINDING);

        client.call("echo11", "SIGNUP", Values.everyType());
        client12.call("echo12", "SIGNUP", Values.everyType());
        List<ValueDTO> signup = client.call("signup", "SOAP_SIGNUP_CUSTOMER", Values.customer(username));
        ComplexValueDTO account = (ComplexValueDTO) member(signup, "ACCOUNT");
        StringValueDTO number = (StringValueDTO) member(account.getValue(), "CUSTOMER_NUMBER");
        client.call("profile", "SOAP_GET_WEB_USER_PROFILE_INTERNAL", List.of(Values.text("CUSTOMER_NUMBER", number.getValue())));
        client.call("taken", "SOAP_SIGNUP_CUSTOMER", Values.customer(username));
        String tooLong = "x".repeat(70000);
        client.call("fault11", "SIGNUP", List.of(Values.text("NAME", tooLong)));
        client12.call("fault12", "SIGNUP", List.of(Values.text("NAME", tooLong)));
        new TypedClient(endpoint).run(username + "-typed");
    }
}
