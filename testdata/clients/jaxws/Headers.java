import com.cdrator.soap.Invoker;
import com.cdrator.soap.InvokerService;
import com.cdrator.soap.RequestDTO;
import com.sun.xml.ws.developer.MemberSubmissionAddressingFeature;
import com.sun.xml.ws.transport.http.client.HttpTransportPipe;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URL;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.activation.DataHandler;
import javax.xml.namespace.QName;
import javax.xml.soap.SOAPConstants;
import javax.xml.soap.SOAPElement;
import javax.xml.soap.SOAPException;
import javax.xml.soap.SOAPHeaderElement;
import javax.xml.ws.BindingProvider;
import javax.xml.ws.WebServiceException;
import javax.xml.ws.WebServiceFeature;
import javax.xml.ws.handler.Handler;
import javax.xml.ws.handler.MessageContext;
import javax.xml.ws.handler.soap.SOAPHandler;
import javax.xml.ws.handler.soap.SOAPMessageContext;
import javax.xml.ws.soap.AddressingFeature;
import javax.xml.ws.soap.MTOMFeature;
import javax.xml.ws.soap.SOAPFaultException;

/**
 * Calls an endpoint with AddressingFeature(required), which refuses an answer without its headers, with the 2004 version
 * of it, with a UsernameToken that a handler adds, with MTOM and with attachments. Prints what came back, a line each.
 */
public final class Headers {
    private static final String WSSE = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";
    private static final String WSU = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd";

    /** Adds a UsernameToken, if it has a nonce, and keeps the headers of the answer. */
    private static final class Wire implements SOAPHandler<SOAPMessageContext> {
        private final String nonce;
        private String heard = "no headers";

        Wire(String nonce) {
            this.nonce = nonce;
        }

        @Override
        public boolean handleMessage(SOAPMessageContext context) {
            try {
                if ((Boolean) context.get(MessageContext.MESSAGE_OUTBOUND_PROPERTY)) send(context);
                else hear(context);
                return true;
            } catch (SOAPException e) {
                throw new WebServiceException(e);
            }
        }

        private void send(SOAPMessageContext context) throws SOAPException {
            if (nonce == null) return;
            var envelope = context.getMessage().getSOAPPart().getEnvelope();
            var header = envelope.getHeader() == null ? envelope.addHeader() : envelope.getHeader();
            SOAPHeaderElement security = header.addHeaderElement(new QName(WSSE, "Security", "wsse"));
            security.setMustUnderstand(true);
            SOAPElement token = security.addChildElement("UsernameToken", "wsse");
            token.addChildElement("Username", "wsse").addTextNode("demo");
            token.addChildElement("Password", "wsse").addTextNode("demo");
            token.addChildElement("Nonce", "wsse").addTextNode(nonce);
            token.addChildElement("Created", "wsu", WSU).addTextNode(Instant.now().toString());
        }

        private void hear(SOAPMessageContext context) throws SOAPException {
            var header = context.getMessage().getSOAPHeader();
            if (header == null) return;
            for (var blocks = header.examineAllHeaderElements(); blocks.hasNext(); ) {
                var block = (SOAPHeaderElement) blocks.next();
                if (block.getLocalName().equals("Action")) heard = block.getNamespaceURI() + " " + block.getValue();
            }
        }

        @Override
        public boolean handleFault(SOAPMessageContext context) {
            return handleMessage(context);
        }

        @Override
        public void close(MessageContext context) {}

        @Override
        public Set<QName> getHeaders() {
            return Set.of();
        }
    }

    private static void call(String step, String wsdl, String hookpoint, String nonce, WebServiceFeature... features) throws Exception {
        System.out.println(step + " " + said(wsdl, hookpoint, nonce, Map.of(), features));
    }

    /** The same, and says in how many parts the request went out. */
    private static void callInParts(String step, String wsdl, Map<String, DataHandler> attachments, WebServiceFeature... features) throws Exception {
        PrintStream out = System.out;
        var sent = new ByteArrayOutputStream();
        System.setOut(new PrintStream(sent, true));
        HttpTransportPipe.dump = true;
        String said = said(wsdl, "SIGNUP", null, attachments, features);
        HttpTransportPipe.dump = false;
        System.setOut(out);
        Matcher boundary = Pattern.compile("multipart/related;.*boundary=\"([^\"]+)\"").matcher(sent.toString("UTF-8"));
        long parts = boundary.find() ? sent.toString("UTF-8").lines().filter(("--" + boundary.group(1))::equals).count() : 0;
        System.out.println(step + " " + said + " sent in " + parts + " parts");
    }

    private static String said(String wsdl, String hookpoint, String nonce, Map<String, DataHandler> attachments, WebServiceFeature... features) throws Exception {
        InvokerService service = new InvokerService(new URL(wsdl));
        Invoker port = service.getPort(service.getPorts().next(), Invoker.class, features);
        Wire wire = new Wire(nonce);
        ((BindingProvider) port).getBinding().setHandlerChain(List.<Handler>of(wire));
        if (!attachments.isEmpty()) ((BindingProvider) port).getRequestContext().put(MessageContext.OUTBOUND_MESSAGE_ATTACHMENTS, attachments);
        RequestDTO request = new RequestDTO();
        request.setHookpointKey(hookpoint);
        request.getValues().add(Values.text("NAME", "Åse"));
        if (nonce == null) request.getValues().add(Values.context());
        String said;
        try {
            said = String.valueOf(port.executeMethod(request).getErrorCode());
        } catch (SOAPFaultException e) {
            var fault = e.getFault();
            var subcodes = fault.getElementQName().getNamespaceURI().equals(SOAPConstants.URI_NS_SOAP_1_2_ENVELOPE) ? fault.getFaultSubcodes() : null;
            said = (subcodes != null && subcodes.hasNext() ? (QName) subcodes.next() : fault.getFaultCodeAsQName()).getLocalPart();
        } catch (WebServiceException e) {
            said = e.toString();
        }
        return said + " " + wire.heard;
    }

    private static String nonce() {
        byte[] bytes = new byte[16];
        new SecureRandom().nextBytes(bytes);
        return Base64.getEncoder().encodeToString(bytes);
    }

    public static void main(String[] args) throws Exception {
        String wsdl = args[0] + "?wsdl", wsdl12 = args[0] + "?wsdl=1.2";
        var required = new AddressingFeature(true, true);
        var submission = new MemberSubmissionAddressingFeature(true, true);
        call("plain", wsdl, "SIGNUP", null);
        call("addressing", wsdl, "SIGNUP", null, required);
        call("addressing12", wsdl12, "SIGNUP", null, required);
        call("submission", wsdl, "SIGNUP", null, submission);
        call("fault", wsdl, "", null, required);
        call("fault12", wsdl12, "", null, required);
        call("unknown", wsdl, "SOAP_NOTHING", null, required);
        String nonce = nonce();
        call("token", wsdl, "SIGNUP", nonce, required);
        call("again", wsdl, "SIGNUP", nonce, required);
        call("again12", wsdl12, "SIGNUP", nonce, required);
        var note = Map.of("note@example.com", new DataHandler("Åse", "text/plain; charset=utf-8"));
        callInParts("mtom", wsdl, Map.of(), new MTOMFeature(true, 0));
        callInParts("mtom12", wsdl12, Map.of(), new MTOMFeature(true, 0), required);
        callInParts("attachment", wsdl, note);
        callInParts("mtomAttachment", wsdl, note, new MTOMFeature(true, 0));
    }
}
