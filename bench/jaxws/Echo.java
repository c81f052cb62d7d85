import com.cdrator.soap.Invoker;
import com.cdrator.soap.RequestDTO;
import com.cdrator.soap.ResponseDTO;
import com.cdrator.soap.ValueDTO;
import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;
import javax.jws.WebService;
import javax.xml.ws.Endpoint;

/**
 * A server of the published WSDL by JAX-WS RI, whose executeMethod answers the values that it was given, without CONTEXT,
 * and does nothing else. usage: Echo THREADS
 */
@WebService(endpointInterface = "com.cdrator.soap.Invoker", targetNamespace = "http://soap.CDRator.com/",
        serviceName = "InvokerService", portName = "InvokerPort")
public final class Echo implements Invoker {
    @Override
    public ResponseDTO executeMethod(RequestDTO request) {
        ResponseDTO answer = new ResponseDTO();
        answer.setErrorMessage("");
        for (ValueDTO value : request.getValues()) {
            if (!value.getKey().equals("CONTEXT")) answer.getValues().add(value);
        }
        return answer;
    }

    public static void main(String[] args) throws Exception {
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getByName("127.0.0.1"), 0), 128);
        server.setExecutor(Executors.newFixedThreadPool(Integer.parseInt(args[0])));
        Endpoint.create(new Echo()).publish(server.createContext("/"));
        server.start();
        System.out.println("serving http://127.0.0.1:" + server.getAddress().getPort() + "/");
    }
}
