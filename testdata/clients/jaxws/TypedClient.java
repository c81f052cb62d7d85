import java.net.URL;
import javax.xml.datatype.DatatypeFactory;
import javax.xml.ws.soap.SOAPFaultException;
import typed.Invoker;
import typed.InvokerService;
import typed.SOAPGETUSER;
import typed.SOAPGETUSERCONTEXT;
import typed.SOAPGETUSERResponse;
import typed.SOAPSIGNUPCUSTOMER;
import typed.SOAPSIGNUPCUSTOMERCONTEXT;
import typed.SOAPSIGNUPCUSTOMERResponse;
import typed.SOAPSIGNUPCUSTOMERSIGNUPSERVICES;
import typed.SOAPSIGNUPCUSTOMERSIGNUPSERVICESCDMASERVICE;
import typed.SOAPSIGNUPCUSTOMERUSER;

/** Calls two hookpoints by the stubs of their typed WSDL: members are properties, named by the keys. */
final class TypedClient {
    private final Invoker port;

    TypedClient(String endpoint) throws Exception {
        port = new InvokerService(new URL(endpoint + "?wsdl&hookpoint=SOAP_SIGNUP_CUSTOMER,SOAP_GET_USER")).getInvokerPort();
    }

    void run(String username) {
        var account = signUp("typedSignup", username).getACCOUNT();
        Lines lines = new Lines("typedSignup");
        for (var group : account.getBILLINGGROUPS().getBILLINGGROUP()) {
            lines.amount("BALANCE", group.getBALANCE());
            int i = 0;
            for (var subscription : group.getSUBSCRIPTIONS().getSUBSCRIPTION())
                for (var service : subscription.getSERVICE()) lines.text("ORDER_ID[" + ++i + "]", service.getORDERID());
        }
        var user = read("typedUser", account.getOWNERID()).getUSER();
        lines = new Lines("typedUser");
        lines.text("FIRST_NAME", user.getFIRSTNAME());
        lines.date("BIRTHDAY", user.getBIRTHDAY());
        lines.date("PERSONAL_ID_EXPIRY_DATE", user.getPERSONALIDEXPIRYDATE());
        lines.whole("CREDIT_LIMIT", user.getCREDITLIMIT());

        signUp("typedTaken", username);
        read("typedFault", "x".repeat(70000));
    }

    private SOAPSIGNUPCUSTOMERResponse signUp(String step, String username) {
        var user = new SOAPSIGNUPCUSTOMERUSER();
        user.setFIRSTNAME("Åse & <Øre> €");
        user.setLASTNAME("Ærlig");
        user.setEMAIL("aase@example.com");
        user.setCITY("Århus");
        user.setZIP("8000");
        user.setBIRTHDAY(DatatypeFactory.newDefaultInstance().newXMLGregorianCalendar("1980-01-31T00:00:00"));
        user.setCREDITLIMIT(9007199254740993L);
        user.setUSERNAME(username);
        var services = new SOAPSIGNUPCUSTOMERSIGNUPSERVICES();
        services.getCDMASERVICE().add(line("1"));
        services.getCDMASERVICE().add(line("2"));
        var context = new SOAPSIGNUPCUSTOMERCONTEXT();
        context.setLANGUAGE("EN");
        context.setOPERATOR("demo");
        context.setPASSWORD("demo");
        context.setBRANDKEY("DEMO");
        var request = new SOAPSIGNUPCUSTOMER();
        request.setACCOUNTTYPE("0");
        request.setPRODUCTCODE("POST_PAID");
        request.setUSER(user);
        request.setSIGNUPSERVICES(services);
        request.setCONTEXT(context);
        var answer = port.soapSIGNUPCUSTOMER(request);
        new Lines(step).head(answer.getErrorCode(), answer.getErrorMessage(), answer.getStatus());
        return answer;
    }

    private static SOAPSIGNUPCUSTOMERSIGNUPSERVICESCDMASERVICE line(String order) {
        var line = new SOAPSIGNUPCUSTOMERSIGNUPSERVICESCDMASERVICE();
        line.setORDERID(order);
        return line;
    }

    /** The answer; null for a fault. */
    private SOAPGETUSERResponse read(String step, String id) {
        var context = new SOAPGETUSERCONTEXT();
        context.setLANGUAGE("EN");
        context.setOPERATOR("demo");
        context.setPASSWORD("demo");
        context.setBRANDKEY("DEMO");
        var request = new SOAPGETUSER();
        request.setUSERID(id);
        request.setCONTEXT(context);
        try {
            var answer = port.soapGETUSER(request);
            new Lines(step).head(answer.getErrorCode(), answer.getErrorMessage(), answer.getStatus());
            return answer;
        } catch (SOAPFaultException e) {
            new Lines(step).fault(e);
            return null;
        }
    }
}
